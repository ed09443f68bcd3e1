// A page that shows one card by Microsoft's own library, much as Teams does, and keeps what its buttons send.
const AC = globalThis.AdaptiveCards
const markdown = globalThis.markdownit({ html: false })
const LOOKS = {
  light: { text: "#242424", subtle: "#616161", back: "#ffffff", soft: "#f5f5f5", line: "#e0e0e0", good: "#0e700e",
    warning: "#8a6a00", attention: "#b10e1c", accent: "#5b5fc7", goodBack: "#f1faf1", badBack: "#fdf3f4", warnBack: "#fefbf4" },
  dark: { text: "#ffffff", subtle: "#adadad", back: "#292929", soft: "#1f1f1f", line: "#525252", good: "#54b054",
    warning: "#f2c661", attention: "#f1707b", accent: "#7f85f5", goodBack: "#052505", badBack: "#3b0509", warnBack: "#463100" },
}
const style = (look, back) => {
  const colour = (name) => ({ default: look[name], subtle: name === "text" ? look.subtle : look[name] })
  const names = { default: "text", dark: "text", light: "subtle", accent: "accent", good: "good", warning: "warning", attention: "attention" }
  return { backgroundColor: back, foregroundColors: Object.fromEntries(Object.entries(names).map(([as, is]) => [as, colour(is)])) }
}
const host = (look) => new AC.HostConfig({
  fontFamily: "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 200, default: 400, bolder: 600 },
  spacing: { none: 0, small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: look.line },
  supportsInteractivity: true,
  actions: { maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left",
    showCard: { actionMode: "inline", inlineTopMargin: 16 } },
  inputs: { label: { inputSpacing: 4, requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } },
    errorMessage: { color: "attention", spacing: "small" } },
  containerStyles: {
    default: style(look, look.back), emphasis: style(look, look.soft), good: style(look, look.goodBack),
    attention: style(look, look.badBack), warning: style(look, look.warnBack), accent: style(look, look.soft),
  },
  factSet: { title: { weight: "bolder", wrap: true }, value: { wrap: true }, spacing: 16 },
})

AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  // a call is a mention, all else in < > is text
  result.outputHtml = markdown.render(text).replace(/&lt;at&gt;(.*?)&lt;\/at&gt;/g, '<span class="at">$1</span>')
  result.didProcess = true
}

// The library takes its own "lang" for invalid every second time: the pattern that it tests keeps where it ended.
const LANG = 'Invalid value "en" for property "lang"'

// Show a card, and say all that the library finds wrong with it.
globalThis.show = (json, look = "light") => {
  const card = new AC.AdaptiveCard(), context = new AC.SerializationContext(AC.Versions.v1_5)
  globalThis.pressed = []
  card.hostConfig = host(LOOKS[look])
  card.parse(json, context)
  card.onExecuteAction = (action) => pressed.push({ type: action.getJsonTypeName(), title: action.title, data: action.data })
  const parsed = Array.from({ length: context.eventCount }, (_, place) => context.getEventAt(place))
  const wrong = [...parsed, ...card.validateProperties().validationEvents]
  document.body.className = look
  document.body.replaceChildren(card.render())
  return wrong.filter((each) => !each.message.includes(LANG)).map((each) => `${AC.ValidationEvent[each.event]}: ${each.message}`)
}
