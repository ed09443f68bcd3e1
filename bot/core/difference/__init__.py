"""What changed in playbooks, in sentences: between two versions of one, and between two folders of them."""
