"""Names: the first names that are common where clinics work, and names that a note may mean as words."""

from __future__ import annotations

#: Left out is what notes say without meaning anybody: Grace, Rose, May, Mark, Will, Max, Iris, Amber.
_FIRST = """
    aaron abdul abigail adam adriana agnes agnieszka ahmed aisha alan albert alejandro aleksandra alessia
     alexander alexandra alexis ali alice alicia alina alison amanda amelia amina amir amy
    anastasia andrea andreas andrew angela angelina anita anja anke ann anna anne anneke annette annie
    anthony anton antonia antonio arthur ashley astrid audrey ayesha barbara beatrice beatriz ben benjamin
    bernd beth bettina bianca birgit bogdan brandon brenda brian brigitte bruno caitlin camila carina
    carla carlos carmen carolina caroline catherine cecilia celine charles charlie charlotte cheryl chiara
    chloe chris christina christine christopher cindy claudia colin connor courtney craig
    cristina cynthia dana daniel daniela danielle darren david deborah denise dennis derek diana diane
    diego dieter dimitri dominik donald donna doris dorothy douglas dylan edith eduardo edward eileen
    ekaterina elaine eleanor elena elif elisabeth elizabeth ellen ellie emilia emily emma eric
    erik erika esther ethan eva evelyn fabian fatima felix fernando fiona florian frances francesca
    francesco francisco franziska frederick gabriel gabriela gabriele gary gemma george georgia gerald
    gerhard gillian gina giovanni giulia gloria graham greta guillermo gunther hanna hannah hans harold
    harriet harry hassan heidi heike heinz helen helena helga henrik henry hugo ian ibrahim ines ingrid
    irene irina isabel isabella isabelle ivan jacob jacqueline jakob jakub james jamie jana jane janet
    janice jasmin jasmine jason javier jeffrey jennifer jenny jens jeremy jessica jill joan joanna
    joanne joao joel johannes john jonas jonathan jordan jorge jose josef joseph josephine joshua joyce
    juan juana judith juergen julia julian julie juliet justin kai karen karin karl karolina katarzyna
    kate katharina katherine kathleen kathryn katie katja katrin kayla keith kenneth kerstin kevin
    khadija kim klaus krzysztof kyle lara larissa laura lauren layla lea leah lena leo leon leonardo
    leonie leyla liam lilian linda lisa lorraine louis louise luca lucas lucia lucy luis luisa lukas luke
    lydia lynn madison magdalena manuel manuela marco marcus margaret maria mariam marie marina mario
    marion marta martha martin martina mary maryam mateo mathias matthew mattias maureen maximilian megan
    mehmet melanie melissa mia michael michaela michelle miguel mikhail milan miriam mohamed mohammad
    mohammed molly monica monika monique muhammad mustafa nadia nadine nancy naomi natalia natalie natasha
    nathan nicholas nicola nicole nikita nina noah nora norma olaf oleg olga oliver olivia omar oscar
    otto pablo paige pamela paola patricia patrick paul paula paulina pauline pawel pedro peter petra
    philip philipp phoebe pierre piotr priya rachel rafael rahul rainer ralf ramona raquel raul rebecca
    renate ricardo richard rita robert roberta roberto roger roland ronald rosie roy russell
    ruth ryan sabine sabrina sally salma samantha samuel sandra sara sarah sebastian sergei sergio sharon
    shaun sheila shirley sigrid silke silvia simon simone sofia sonia sophia sophie stefan stefanie
    stephanie stephen steven stuart susan susanna susanne suzanne sven svetlana sylvia tamara tanja tanya
    tara tatiana teresa theo theresa thomas tim timothy tina tobias tomas tracey tracy tyler ulrich ulrike
    ursula valentina valeria vanessa vera verena veronica veronika victor victoria viktor viktoria vincent
    virginia vladimir walter wei wendy werner wiebke wilhelm william wolfgang xavier yolanda yusuf
    yvonne zainab zeynep zoe zofia zuzana
"""
_ALSO_WORDS = """
    amber arms baker beard bell best bill black blond blue bond brown burn burns carol case chase chin
    close cook cross dark dawn deep face faith field fine fish flood foot ford frank freeze frost good
    grace grant gray green grey hall hand hard head heal heather hill holly hope iris jack jade jasmine
    july june king knight lance lane laser light lily little long love mark marsh mason master melissa
    miles moon moore moss nail nurse olive page paine park peel penny pink pool pope power price rain read
    rose ruby sage salt sandy scar shaw short silver skin small snow speed spot star steel stone street
    strong summer swift tanner violet walker wall ward waters weeks white will winter wise wood woods
    young
"""
#: Whoever is called so is meant, wherever one of these stands.
FIRST_NAMES = frozenset(_FIRST.split())
#: Of a patient of this name alone, nobody could tell what a note means.
ALSO_WORDS = frozenset(_ALSO_WORDS.split())
