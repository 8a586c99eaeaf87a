"""How languages count, as the header of a catalogue says it (Unicode CLDR, by Babel 2.18)."""

RULES = {
    "cy": "nplurals=5; plural=(n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 0);",
    "ga": "nplurals=5; plural=(n==1 ? 0 : n==2 ? 1 : n>=3 && n<=6 ? 2 : n>=7 && n<=10 ? 3 : 4);",
    "mi": "nplurals=2; plural=(n != 1);",
}
