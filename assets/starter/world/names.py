"""Makers of invented names, from many syllable stocks so that word pieces are varied. All draw from one Random."""

STYLES = {
    "north": (["bran", "cor", "hal", "wes", "thor", "kel", "mar", "ash", "grim", "ul", "fen", "stav", "hol", "ving", "ras", "bor", "eld", "skar"],
              ["", "", "en", "er", "al", "in", "ig"],
              ["nock", "vell", "dane", "wick", "ford", "mark", "sund", "by", "heim", "gard", "stad", "vik", "mere", "holt", "ness", "dal"]),
    "south": (["cal", "ser", "mon", "val", "ter", "pal", "lor", "fab", "gal", "ros", "ver", "mel", "cas", "tor", "bel", "san", "dor", "por"],
              ["a", "e", "i", "o", "an", "er", "en", "ar"],
              ["ra", "no", "to", "lina", "vara", "dello", "messa", "rino", "cella", "zo", "mira", "nta", "gona", "ria", "sco"]),
    "east": (["zar", "kaz", "tim", "bul", "ner", "os", "yar", "vol", "dra", "kol", "mir", "stan", "vel", "lub", "petr", "rad", "svet", "gor"],
             ["o", "a", "i", "ov", "en", "in", "ar"],
             ["grad", "min", "slav", "nik", "vka", "sk", "tov", "din", "chev", "mir", "nets", "lin", "brod", "pol"]),
    "far": (["ki", "sho", "na", "to", "ha", "mi", "yo", "ta", "su", "ra", "ko", "shi", "ma", "ne", "ri", "wa"],
            ["ka", "ru", "mi", "no", "shi", "ta", "ri", "mo", "ha", "sa"],
            ["ra", "moto", "ki", "shi", "yama", "ko", "da", "wa", "nori", "mura", "to", "ne"]),
    "isle": (["ala", "ke", "lo", "mana", "nu", "pu", "tai", "fa", "ho", "ua", "ra", "wai", "moa", "tele"],
             ["", "ki", "le", "na", "pa", "li", "to"],
             ["loa", "nui", "kea", "lani", "hua", "tea", "maka", "rua", "pai", "vai"]),
    "west": (["tre", "pen", "lan", "car", "gwyn", "mor", "bryn", "aber", "dun", "kil", "bal", "glen", "inver", "loch", "strath", "rath"],
             ["", "", "a", "en", "y"],
             ["fydd", "more", "ryn", "gowan", "dale", "llyn", "agh", "carron", "keth", "mara", "doon", "lory", "vane", "wen"]),
    "desert": (["al", "ba", "qua", "sha", "zah", "mu", "ja", "far", "ha", "ras", "tal", "om", "nas", "kha", "ber"],
               ["", "ri", "ma", "ha", "di", "li"],
               ["bir", "dar", "rim", "zan", "kesh", "mari", "riq", "fa", "hra", "san", "din", "rah", "mut"]),
    "plain": (["ober", "lin", "stein", "wal", "brau", "had", "kirch", "mann", "felt", "rosen", "alt", "neu", "grun", "schon", "wolf", "ein", "leu"],
              ["", "en", "er"],
              ["bach", "berg", "feld", "stein", "tal", "brunn", "hausen", "thal", "wald", "hof", "au", "burg", "dorf", "ritz"]),
}

FIRST = """Ada Agnes Albert Alice Amelia Andrew Anna Anton Arthur Astrid Barbara Beatrice Benjamin Bertha Boris Bruno Carl Carla Caroline
Cecil Charles Clara Conrad Cora Daniel David Diana Dora Edgar Edith Edmund Edward Elena Eliza Elsa Emil Emma Eric Ernest Esther Eva
Felix Flora Frances Frank Fred Frida George Gerda Gilbert Greta Gustav Hannah Harold Harriet Helen Henry Herbert Hilda Hugo Ida Igor
Irene Iris Isaac Ivan Ivy Jack Jacob James Jane Jasper Joan Johan John Jonas Joseph Judith Julia Julian Karen Kate Lars Laura Leo
Leonard Lewis Lily Linda Louis Louise Lucas Lucy Magnus Marcus Margaret Maria Marian Martha Martin Mary Matilda Max Miles Mira Miriam
Mona Nadia Nathan Nina Nora Norman Olga Oliver Olive Oscar Oswald Otto Owen Patrick Paul Paula Peter Philip Rachel Ralph Ray Rebecca
Richard Robert Roger Rosa Rose Rupert Ruth Samuel Sarah Selma Silas Simon Sofia Sonia Stella Stephen Susan Sylvia Theodor Theresa Thomas
Tobias Ursula Vera Victor Vincent Viola Walter Wanda William Yusuf Zora""".split()

SURNAMES = """Abbot Alder Archer Baker Barker Barlow Beck Bell Bennett Birch Bishop Blake Bond Booth Bright Brook Burton Butler Carter
Chapman Clark Cole Collins Cook Cooper Cross Dale Davis Dawson Dean Drake Ellis Farmer Field Finch Fisher Flint Ford Forster Fox Franklin
Frost Gardner Gibson Glover Grant Gray Green Griffin Hale Hall Harding Harper Hart Hawkins Hayes Heath Hill Holland Holmes Hood Hooper
Hunt Hunter Irving Jackson Jordan Keller Kemp Kent King Knight Lamb Lane Lawson Little Lloyd Lowe Mann Marsh Marshall Mason May Miller
Mills Moore Morris Nash Noble North Norris Oakley Osborn Page Palmer Parker Pearce Penn Perry Pike Piper Poole Porter Potter Pratt Price
Quinn Reed Reeves Rhodes Rivers Rogers Root Russell Sanders Sawyer Sharp Shaw Shepherd Short Skinner Slater Snow Spencer Steele Stokes
Stone Swan Swift Sykes Taylor Thorn Todd Townsend Tucker Turner Tyler Underwood Vaughan Wade Walker Wallace Walsh Ward Warren Watson
Webb Weston Wheeler White Wilde Winter Wolfe Wood Woodward Wright Yates York Young Zeller""".split()

ADJ = """Amber Ancient Black Blue Brave Bright Broken Bronze Burning Calm Cold Copper Crimson Crooked Crystal Dark Distant Dusty Eastern
Empty Faithful Fallen First Foggy Forgotten Frozen Gentle Glass Golden Grand Green Grey Hidden Hollow Honest Iron Ivory Last Little
Lonely Long Lost Merry Misty Narrow New Noble Northern Old Pale Patient Proud Quiet Red Restless Royal Rusty Sacred Salt Scarlet Secret
Seventh Silent Silver Slow Southern Stone Stormy Sunken Swift Tall Thirsty Twin Velvet Wandering Western White Wild Winter Wooden Yellow""".split()
NOUN = """Anchor Apple Arrow Badger Barrel Bear Bell Bird Boat Bridge Candle Castle Cedar Chapel Clock Cloud Compass Crane Crown Daisy Deer
Dolphin Door Dove Dragon Drum Eagle Falcon Feather Fern Fiddle Field Flame Forest Fountain Fox Garden Gate Ghost Glove Goose Hammer Harbour Hare
Harp Hawk Heron Hill Horse House Island Jewel Key Kite Lake Lamp Lantern Lark Leaf Letter Lion Lily Mask Meadow Mill Mirror Moon Mountain
Needle Nest Oak Orchard Otter Owl Palace Path Pearl Pelican Pilot Pine Planet Quill Rain Raven Ring River Road Robin Rose Sail Shadow Shepherd
Shore Snail Spring Stag Star Stranger Street Summer Sun Swallow Swan Tailor Thread Tiger Tower Traveller Tree Valley Violin Wave Well Wheel Willow
Wind Window Wolf Wren""".split()


class Names:
    def __init__(self, rng):
        self.rng = rng
        self.used = set()
        self.stems = set()

    def reserve(self, words):
        self.used.update(w.lower() for w in words)

    def word(self, style=None):
        """One fresh invented word, capitalised; never the same twice, never a reserved one."""
        for _ in range(1000):
            start, middle, end = STYLES[style or self.rng.choice(list(STYLES))]
            text = self.rng.choice(start) + self.rng.choice(middle) + self.rng.choice(end)
            if len(text) >= 4 and text not in self.used and text not in self.stems and not any(c * 3 in text for c in "aeioulnrst"):
                self.used.add(text)
                return text.capitalize()
        raise RuntimeError("the syllable stocks have run out of fresh names")

    def fresh(self, make):
        for _ in range(2000):
            text = make()
            key = text.lower().removeprefix("the ")
            if key not in self.used:
                self.used.add(key)
                return text
        raise RuntimeError("the word lists have run out of fresh names")

    def person(self):
        r = self.rng
        return self.fresh(lambda: r.choice(FIRST) + " " + (r.choice(SURNAMES) if r.random() < 0.45 else self.stem()))

    def stem(self):
        """An invented word that may come again (surnames)."""
        while True:
            start, middle, end = STYLES[self.rng.choice(list(STYLES))]
            text = self.rng.choice(start) + self.rng.choice(middle) + self.rng.choice(end)
            if text not in self.used:
                self.stems.add(text)
                return text.capitalize()

    def pair(self, the=False):
        r = self.rng
        return self.fresh(lambda: ("The " if the else "") + r.choice(ADJ) + " " + r.choice(NOUN))
