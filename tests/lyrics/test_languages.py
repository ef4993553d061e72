import pytest

from producer.lyrics.languages import detect_language, language_warning
from producer.lyrics.sheet import parse_sheet
from producer.lyrics.syllables import make_line


@pytest.mark.parametrize(("text", "language"), [
    ("Late night drives across the city, I can see your face", "en"),
    ("Te quiero más que a nada en la vida", "es"),
    ("Je t'aime comme le jour et la nuit", "fr"),
    ("Ti amo e non so perché sei sempre nel mio cuore", "it"),
    ("Eu não sei viver sem você, meu amor", "pt"),
    ("Ich liebe dich, du bist mein Herz", "de"),
    ("Ik hou van jou en mijn hart is van jou", "nl"),
    ("桜が咲いた", "ja"),
    ("カラオケ", "ja"),
    ("我爱你", "zh"),
    ("사랑해 널 사랑해", "ko"),
    ("दिल है कि मानता नहीं", "hi"),
    ("я тебя люблю", "ru"),
    ("σ' αγαπώ", "el"),
    ("שלום עולם", "he"),
    ("أنا أحبك", "ar"),
    ("ฉันรักเธอ", "th"),
    ("ᏣᎳᎩ", "und"),
    ("я тебе кохаю", "uk"),
    ("corazon partido", "es"),
    ("quiero volver a casa", "es"),
    ("mi casa", "es"),
    ("elle danse toute seule", "fr"),
    ("ne me quitte pas", "fr"),
    ("piove sulla citta", "it"),
    ("voce nao sabe", "pt"),
    ("ein Lied fuer dich", "de"),
    ("kimi no koto ga suki desu", "ja"),
    ("wo ai ni", "zh"),
    ("wǒ ài nǐ", "zh"),
    ("tum hi ho meri zindagi", "hi"),
    ("main tumse pyar karta hoon", "hi"),
    ("la vie is sweet, my love", "en"),
    ("Mi amor, I miss you tonight", "en"),
    ("Adios amigo, I am leaving", "en"),
    ("come as you are", "en"),
    ("sin city", "en"),
    ("die young", "en"),
    ("no no no", "en"),
    ("one more time", "en"),
    ("la la la", "en"),
    ("ooh yeah", "en"),
    ("", "en"),
    ("123 !!!", "en"),
])  # fmt: skip
def test_the_language_is_recognised(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(("text", "name"), [
    ("Ich liebe dich, du bist mein Stern", "German"), ("Jag älskar dig, min vän", "Swedish"),
    ("Kocham cię, zawsze będę z tobą", "Polish"), ("Seni seviyorum, gece karanlık", "Turkish"),
    ("Я тебя люблю", "Russian"), ("Σε αγαπώ πολύ", "Greek"), ("أحبك يا حياتي", "Arabic"),
    ("אני אוהב אותך", "Hebrew"), ("너를 사랑해", "Korean"), ("Anh yêu em nhiều lắm", "Vietnamese"),
    ("Aku cinta kamu selamanya", "Indonesian"), ("Nakupenda mpenzi wangu sana", "Swahili"),
    ("Szeretlek téged, drágám", "Hungarian"), ("Miluji tě, moje lásko", "Czech"), ("ฉันรักเธอ", "Thai"),
])  # fmt: skip
def test_every_language_is_sung_and_those_without_a_voice_say_so(text, name):
    sheet = parse_sheet(text)
    (warning,) = sheet.warnings
    assert warning.startswith(f"{name} is sung by its nearest sounds")
    (line,) = sheet.lines
    assert {s.word for s in line.syllables} == set(range(len(line.words)))
    vowels = sum(s.nucleus != ("ə",) for s in line.syllables)
    assert vowels >= 0.8 * len(line.syllables)


def test_nearest_sounds_are_announced():
    assert "Dutch" in language_warning("ik hou van jou", "nl")
    assert "nearest sounds" in language_warning("ᏣᎳᎩ", "und")
    assert "Hebrew" in language_warning("שלום", "he")
    assert "German" in language_warning("ich liebe dich", "de")
    assert language_warning("te quiero", "es") is None
    assert language_warning("hello", "en") is None


@pytest.mark.parametrize(("language", "text", "said"), [
    ("es", "corazón", "ko ɾa ˈson"),
    ("es", "guitarra", "ɡi ˈta ra"),
    ("es", "quiero bailar", "ˈkje ɾo bI ˈlaɾ"),
    ("es", "llover", "ʝo ˈbeɾ"),
    ("es", "todavía", "to da ˈbi a"),
    ("it", "ragazza", "ra ˈɡat ʦa"),
    ("it", "gli occhi", "ʎi ˈok ki"),
    ("it", "l'anima", "ˈla ni ma"),
    ("it", "perché", "per ˈke"),
    ("pt", "saudade", "sW ˈda ʤi"),
    ("pt", "coração", "ko ɾa ˈsɐ̃w"),
    ("pt", "noite", "ˈnY ʧi"),
    ("fr", "l'amour", "la ˈmuʁ"),
    ("fr", "je t'aime", "ʒə ˈtɛm"),
    ("fr", "chanson", "ʃɑ̃ ˈsɔ̃"),
    ("fr", "aujourd'hui", "o ˈʒuʁd ˈɥi"),
    ("fr", "les heures", "lez ˈœʁ"),
    ("fr", "tes yeux, les oiseaux", "tez ˈjø lez wa ˈzo"),
    ("fr", "les héros", "le e ˈʁo"),
    ("fr", "les, heures", "le ˈœʁ"),
    ("fr", "mon ami", "mɔ̃n a ˈmi"),
    ("fr", "nous avons tout oublié", "nuz a ˈvɔ̃ ˈtut u bli ˈje"),
    ("fr", "quatre jours", "ˈka tʁə ˈʒuʁ"),
    ("fr", "quatre amis", "ˈkatʁ a ˈmi"),
    ("fr", "porte du ciel", "ˈpɔʁ tə dy ˈsjɛl"),
    ("fr", "ils manquent", "il ˈmɑ̃k"),
    ("fr", "vers toi", "ˈvɛʁ twa"),
    ("fr", "paysage", "pɛ i ˈzaʒ"),
    ("fr", "accueil", "a ˈkœj"),
    ("it", "c'è", "ʧɛ"),
    ("it", "c'era", "ˈʧe ra"),
    ("it", "passione", "pas ˈsjo ne"),
    ("it", "piangere", "ˈpjan ʤe re"),
    ("it", "anche", "ˈaŋ ke"),
    ("es", "canción", "kan ˈsjon"),
    ("es", "blanco", "ˈblaŋ ko"),
    ("es", "México", "ˈme xi ko"),
    ("pt", "olhar", "o ˈljaɾ"),
    ("pt", "lembro", "ˈlAm bɾu"),
    ("pt", "tempo", "ˈtAm pu"),
    ("pt", "vento", "ˈvAŋ tu"),
    ("pt", "rua", "ˈxu a"),
    ("pl", "zawsze będę z tobą", "ˈzav ʃɛ ˈben dɛ zə ˈtɔ bow"),
    ("tr", "karanlık gece", "ka ɾan ˈlɯk ɡe ˈʤe"),
    ("id", "cinta selamanya", "ˈʧin ta se la ˈma ɲa"),
    ("sv", "natt och år", "ˈnat ˈɔx ˈoːʁ"),
    ("th", "ฉันรักเธอ", "ʧan ɾak ˈte o"),
    ("ar", "حياتي", "hi ˈa ti"),
    ("bn", "আমি", "ˈa mi"),
    ("de", "vergessen", "fɛʁ ˈɡɛ sən"),
    ("de", "nacht", "ˈnaxt"),
    ("de", "Mädchen", "ˈmɛt çən"),
    ("ja", "さくら", "ˈsa kɯ ɾa"),
    ("ja", "世界", "ˈse ka i"),
    ("ja", "ラーメン", "ˈɾaː meɴ"),
    ("zh", "我爱你", "ˈwo↓ ˈai↘ ˈni↓"),
    ("ko", "감사합니다", "ˈkam sa ham ni da"),
    ("hi", "चाँद", "ˈʧãnd"),
    ("hi", "पहली", "pʌ ˈhə li"),
    ("hi", "चलेंगे", "ʧʌ ˈlẽː ɡeː"),
    ("hi", "चलो", "ˈʧʌ loː"),
    ("hi", "ज़िंदगी", "ˈzɪnd ɡi"),
    ("ru", "моя любовь", "ˈmo ja lju ˈbov"),
    ("el", "αγάπη", "a ˈɣa pi"),
])  # fmt: skip
def test_spelling_rules(language, text, said):
    line = make_line(text, language=language)
    assert " ".join(
        "ˈ" * (s.stress == 2) + "".join(s.onset + s.nucleus + s.coda) for s in line.syllables
    ) == said  # fmt: skip


@pytest.mark.parametrize(("language", "text", "as_if"), [
    ("es", "Sr. López", "señor López"), ("es", "EE.UU.", "estados unidos"), ("fr", "Mme Rose", "madame Rose"),
    ("fr", "M. Dupont", "monsieur Dupont"), ("it", "sig. Rossi", "signor Rossi"),
    ("pt", "Sra. Lima", "senhora Lima"),
    ("de", "z.B. hier", "zum Beispiel hier"), ("es", "AMOOOOR mío", "amor mío"),
    ("es", "tengo 24 años", "tengo veinticuatro años"),
    ("fr", "JE T'AIIIIME", "je t'aime"), ("it", "ho 18 anni", "ho diciotto anni"),
    ("pt", "30 anos", "trinta anos"),
    ("hi", "24 घंटे", "चौबीस घंटे"), ("ja", "3月24時", "さんがつ にじゅうよんじ"),
    ("ja", "365日", "さんびゃくろくじゅうごにち"),
])  # fmt: skip
def test_what_is_written_short_or_stretched(language, text, as_if):
    def said(words):
        return ["".join(s.onset + s.nucleus + s.coda) for s in make_line(words, language=language).syllables]

    assert said(text) == said(as_if)


def test_a_korean_la_la_la_has_all_its_syllables():
    assert len(make_line("라라라", language="ko").syllables) == 3


def test_syllables_stand_under_their_letters():
    assert [s.text for s in make_line("L'amour", language="fr").syllables] == ["L'a-", "mour"]
    assert [s.text for s in make_line("너를", language="ko").syllables] == ["너", "를"]
    assert [s.text for s in make_line("我爱你", language="zh").syllables] == ["我", "爱", "你"]


def test_each_script_in_a_mixed_line_is_read_its_own_way():
    line = make_line("Love 사랑 愛 forever", language="ko")
    assert line.words == ("Love", "사랑", "愛", "forever")
    assert {s.word for s in line.syllables} == {0, 1, 2, 3}
    assert line.syllables[0].nucleus == ("ʌ",)


def test_chinese_words_are_characters_and_japanese_ones_are_phrases():
    assert make_line("我爱你，中国").words == ("我", "爱", "你，", "中", "国")
    assert make_line("君の声が聞こえる", language="ja").words == ("君の", "声が", "聞こえる")
