"""Pages in other languages: what a template says is found, asked of gettext and put back."""
