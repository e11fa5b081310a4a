"""Which words belong to the next one, by language: the grammar of line breaks as data.

After the line treatment rules of the Netflix Timed Text Style Guide (215758617) and of the BBC Subtitle Guidelines,
read 2026-11: break after punctuation and before conjunctions and prepositions; never part an article from its noun, a
preposition from its phrase, an auxiliary from its verb, a pronoun from its verb, a title from its name.
A new language is one entry in ``GRAMMARS``; languages without one break by marks, pauses and balance alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """Word lists of one language, lower case, straight apostrophes.

    Attributes:
        clinging: Articles, prepositions, conjunctions, auxiliaries, possessives and titles: they must not end a line.
        leaning: Subject pronouns, adverbs of degree and the like: better not at the end of a line.
        opening: Conjunctions and relative words: a line may well begin with them.
        introducing: Prepositions: a line may begin with them, if nothing better is near. Not "of", which ties what
            stands before it to what follows.
        trailing: Particles that must not begin a line, in scripts without spaces.
        compounds: Words of several characters that are not parted, in scripts without spaces; those that are also in
            another list are treated as its words.
        clinging_endings: Ends of words that cling, such as those of English contractions.
        capitalized_nouns: Whether capitals mark nouns, and so say nothing about names.
        mixed_kana: Whether phrases mostly begin with another kind of character than the kana that end them.
    """

    clinging: frozenset[str]
    leaning: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    introducing: frozenset[str] = frozenset()
    trailing: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()
    clinging_endings: tuple[str, ...] = ()
    capitalized_nouns: bool = False
    mixed_kana: bool = False


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for words in lists for word in words.split())


_ENGLISH_PREPOSITIONS = """about above across after against along among around at before behind below beneath beside
    between beyond by despite during except for from in inside into like near of on onto over past per since than
    through throughout to toward towards under underneath unlike until upon via with within without"""
_ENGLISH_CONJUNCTIONS = (
    "and but or nor so yet because although though while whereas if unless whether that as when where"
)
_ENGLISH_RELATIVES = "who whom whose which what why how whenever wherever whoever whatever"
_GERMAN_PREPOSITIONS = """ab an auf aus außer bei bis durch für gegen hinter in im ins am ans aufs beim vom zum zur
    mit nach neben ohne seit statt trotz über um unter von vor während wegen zu zwischen"""
_GERMAN_CONJUNCTIONS = "und oder aber denn sondern dass daß weil wenn ob als obwohl damit bevor nachdem sobald wie"
_FRENCH_PREPOSITIONS = """à au aux avec chez contre dans de des du depuis derrière devant durant en entre envers hors
    jusque malgré par parmi pendant pour sans sauf selon sous sur vers"""
_FRENCH_CONJUNCTIONS = "et ou mais donc or ni car que qui quand lorsque puisque comme si dont où parce quoique"
_SPANISH_PREPOSITIONS = """a al ante bajo con contra de del desde durante en entre hacia hasta mediante para por según
    sin sobre tras"""
_SPANISH_CONJUNCTIONS = "y e o u pero sino ni que porque pues aunque cuando como si donde mientras quien cual"
_ITALIAN_PREPOSITIONS = """a ad al allo alla ai agli alle con da dal dallo dalla dai dagli dalle di del dello della
    dei degli delle fra in nel nello nella nei negli nelle per su sul sullo sulla sui sugli sulle tra senza verso
    durante"""
_ITALIAN_CONJUNCTIONS = "e ed o ma però né che perché quando come se mentre dove cui quale benché"
_PORTUGUESE_PREPOSITIONS = """a à ao aos às ante após até com contra de da das do dos desde durante em na nas no nos
    num numa entre para pra por pela pelo pelas pelos perante sem sob sobre"""
_PORTUGUESE_CONJUNCTIONS = "e ou mas porém nem que porque pois quando como se enquanto onde embora quem qual"
_RUSSIAN_PREPOSITIONS = """без в во для до за из изо из-за из-под к ко между на над о об обо от ото перед по под при про
    с со сквозь среди у через"""
_RUSSIAN_CONJUNCTIONS = (
    "и а но или либо да что чтобы потому если когда как хотя пока где который которая которое которые"
)
_CHINESE_CONJUNCTIONS = """因为 所以 但是 可是 不过 而且 并且 如果 虽然 尽管 或者 还是 于是 然后 因此 由于 只要 只有
    除非 无论 不管 即使 既然 以及 关于 对于 根据 通过 为了"""

GRAMMARS: dict[str, Grammar] = {
    "en": Grammar(
        clinging=_words(
            "a an the these my your his its our their every each no some any i he she we they",
            _ENGLISH_PREPOSITIONS,
            _ENGLISH_CONJUNCTIONS,
            _ENGLISH_RELATIVES,
            "am is are was were be been being do does did have has had having will would shall should can could may",
            "might must cannot not let's there's that's it's he's she's who's what's where's here's",
            "mr mr. mrs mrs. ms ms. dr dr. prof prof. st st. sir madam lord lady captain president professor",
        ),
        leaning=_words(
            "you it her this those up off out",
            "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty",
            "seventy eighty ninety hundred thousand million billion going",
            "very too quite rather more most less least just only even also almost nearly never always often still",
            "really such both either neither all another other many much few several own same first last next",
        ),
        opening=_words(_ENGLISH_CONJUNCTIONS, _ENGLISH_RELATIVES),
        introducing=_words(_ENGLISH_PREPOSITIONS) - _words("of to"),
        clinging_endings=("'m", "'re", "'ve", "'ll", "'d", "n't"),
    ),
    "de": Grammar(
        clinging=_words(
            "der die das den dem des ein eine einen einem",
            "einer eines kein keine keinen keinem keiner dieser diese dieses",
            "mein meine dein deine sein seine ihr ihre unser unsere euer eure jeder jede jedes",
            _GERMAN_PREPOSITIONS,
            _GERMAN_CONJUNCTIONS,
            "bin bist ist sind seid war waren habe hast hat haben hatte hatten werde wirst wird werden wurde wurden",
            "kann können konnte muss müssen musste soll sollen will wollen darf dürfen mag nicht herr frau dr. prof.",
        ),
        leaning=_words("ich du er sie es wir man sehr zu so ganz nur auch noch schon immer mehr"),
        opening=_words(_GERMAN_CONJUNCTIONS),
        introducing=_words(_GERMAN_PREPOSITIONS) - _words("von vom"),
        capitalized_nouns=True,
    ),
    "fr": Grammar(
        clinging=_words(
            "le la les un une ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs chaque",
            _FRENCH_PREPOSITIONS,
            _FRENCH_CONJUNCTIONS,
            "suis es est sommes êtes sont étais était étaient ai as a avons avez ont avait avaient sera ne me te se y",
            "m. mme mlle dr",
        ),
        leaning=_words("je tu il elle on nous vous ils elles très plus moins trop si aussi tout toute tous bien pas"),
        opening=_words(_FRENCH_CONJUNCTIONS),
        introducing=_words(_FRENCH_PREPOSITIONS) - _words("de des du"),
    ),
    "es": Grammar(
        clinging=_words(
            "el la los las un una unos unas este esta estos estas",
            "ese esa esos esas mi mis tu tus su sus nuestro nuestra",
            _SPANISH_PREPOSITIONS,
            _SPANISH_CONJUNCTIONS,
            "soy eres es somos son era eran fue he has ha hemos",
            "han había habían está están estaba no me te se lo le les",
            "sr. sra. dr. don doña",
        ),
        leaning=_words("yo tú él ella nosotros ellos ellas muy más menos tan también ya todo toda todos"),
        opening=_words(_SPANISH_CONJUNCTIONS),
        introducing=_words(_SPANISH_PREPOSITIONS) - _words("de del"),
    ),
    "it": Grammar(
        clinging=_words(
            "il lo la i gli le un uno una questo questa",
            "questi queste quel quella mio mia tuo tua suo sua nostro nostra",
            _ITALIAN_PREPOSITIONS,
            _ITALIAN_CONJUNCTIONS,
            "sono sei è siamo siete era erano ho hai ha abbiamo avete hanno aveva avevano non mi ti si ci vi ne",
            "sig. sig.ra dott. don",
        ),
        leaning=_words("io tu lui lei noi voi loro molto più meno così anche già tutto tutta tutti"),
        opening=_words(_ITALIAN_CONJUNCTIONS),
        introducing=_words(_ITALIAN_PREPOSITIONS) - _words("di del dello della dei degli delle"),
    ),
    "pt": Grammar(
        clinging=_words(
            "o a os as um uma uns umas este esta estes estas esse essa meu minha teu tua seu sua nosso nossa",
            _PORTUGUESE_PREPOSITIONS,
            _PORTUGUESE_CONJUNCTIONS,
            "sou és é somos são era eram foi tenho tem temos têm tinha estou está estão estava não me te se lhe",
            "sr. sra. dr. dra. dom dona",
        ),
        leaning=_words("eu tu ele ela nós eles elas você vocês muito mais menos tão também já todo toda todos"),
        opening=_words(_PORTUGUESE_CONJUNCTIONS),
        introducing=_words(_PORTUGUESE_PREPOSITIONS) - _words("de da das do dos"),
    ),
    "ru": Grammar(
        clinging=_words(
            _RUSSIAN_PREPOSITIONS, _RUSSIAN_CONJUNCTIONS, "не ни бы мой моя моё твой твоя наш наша ваш ваша"
        ),
        leaning=_words(
            "я ты он она оно мы вы они очень так уже ещё только даже этот эта это эти тот та те был была было"
        ),
        opening=_words(_RUSSIAN_CONJUNCTIONS),
        introducing=_words(_RUSSIAN_PREPOSITIONS),
    ),
    # The aligner's unit is one character, so words are found by looking at the characters around a place.
    "zh": Grammar(
        clinging=_words(
            "在 从 把 被 对 向 跟 给 和 与 或 但 而 很 不 没 是 这 那 每 第 一 两 几 也 都 就 还 比 让 使 为 更 最",
            "太 再 又 才 只",
            _CHINESE_CONJUNCTIONS,
        ),
        leaning=_words(
            "我 你 他 她 它 我们 你们 他们 她们 它们 大家 二 三 四 五 六 七 八 九 十 百 千 万 要 会 能 可 有 到 说 个"
        ),
        opening=_words("但 而 因 和 与 及 或 在 从 把 被 对 向 跟 比 让", _CHINESE_CONJUNCTIONS),
        trailing=_words("的 地 得 了 着 过 们 吗 呢 吧 啊 呀 嘛 么 里 个 些 子 儿"),
        compounds=_words(
            _CHINESE_CONJUNCTIONS,
            """我们 你们 他们 她们 它们 大家 自己 别人 什么 怎么 为什么 哪里 这里 那里 这个 那个 一个 这些 那些 这样
            那样 一样 一些 一点 一起 一直 一定 已经 可以 可能 应该 需要 想要 知道 觉得 认为 看到 听到 没有 不是 不会
            不能 不要 还是 就是 只是 都是 今天 明天 昨天 现在 以前 以后 时候 时间 早上 晚上 上午 下午 中午 今年 明年
            去年 小时 分钟 星期 问题 世界 国家 中国 北京 学生 老师 学校 朋友 孩子 老人 先生 女士 东西 事情 地方 工作
            生活 开始 结束 喜欢 非常 很多 多少 第一 第二 谢谢 再见 你好 最后 然后 之后 之前 之间 之内 起来 出来 回来
            过来 下来 进来 出去 过去 回去 下去 上去""",
        ),
    ),
    "ko": Grammar(
        clinging=_words(
            "이 그 저 이런 그런 저런 한 두 세 네 몇 및 또는 또 그리고 그러나 하지만 그래서 더 가장 안 못 왜 새로운"
        ),
        trailing=_words(
            "대해 대해서 대한 위해 위해서 위한 따라 따른 관한 통해 통한 때문에 것 것을 것이 것은 수 수가 때 때는 때에",
            "동안 중 중에 있다 있는 있어요 있습니다 없다 없는 없어요 없습니다 싶어요 싶습니다 않는 않아요 않습니다",
        ),
    ),
    "ja": Grammar(
        clinging=_words("その この あの どの ある お ご とても もっと すぐ"),
        trailing=_words(
            "は が を に で と も の へ や から まで より ね よ か な さ わ ば て た だ です ます ない たい"
        ),
        mixed_kana=True,
    ),
}
GRAMMARS["yue"] = GRAMMARS["zh"]
