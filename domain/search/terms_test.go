package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pult/domain/search"
)

func TestTerms_Table(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"only signs", " …!? 👍🏽 ❤️ 👨‍👩‍👧 🇨🇿", ""},
		{"Czech", "Dobrý den, Žofie! Vaše objednávka…", "dobry den zofie vase objednavka"},
		{"French", "L’été, l'œuvre à Noël", "l ete oeuvre a noel"},
		{"strokes and ligatures", "Straße Łódź Đorđe smørrebrød ÆSIR ﬁn", "strasse lodz dorde smorrebrod aesir fin"},
		{"Greek final sigma", "ΟΔΟΣ οδος οδός", "οδοσ"},
		{"Turkish i", "İzmir ılık ISI", "izmir ilik isi"},
		{"repeated", "oui Oui OUI", "oui"},
		{"compound word", "rendez-vous", "rendez rendezvous vous"},
		{"code", "P-2041", "p p2041 2041"},
		{"mail address", "jan.novak@shop.cz", "jan jannovakshopcz novak shop cz"},
		{"emoji beside words", "ok👍merci 1️⃣", "ok merci 1"},
		{"trade mark is no letter", "Pult™", "pult"},
		{"soft hyphen", "objed\u00adnávka", "objednavka"},
		{"digits of another script", "٤٢٠ ४२", "420 42"},
		{"half", "½", "1 2"},
		{"Chinese and kana", "東京タワー2024年", "東 京 タ ワ ー 2024 年"},
		{"Vietnamese", "Nguyễn", "nguyen"},
		{"ideograph in a code", "a-0塇", "a a0 0 塇"},
		{"invalid bytes", "a\xffb", "a b"},
		{"not a number", "2 kusy a 3", "2 kusy a 3"},
		{"spaced phone", "+420 601 234 567", "420 420601234567 601 601234567 234 234567 567"},
		{"national phone", "0601000222", "601000222 0601000222"},
		{"unspaced international phone", "+33601000222", "33601000222 3601000222 601000222 1000222 01000222"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(search.Terms(c.text), " "); got != c.want {
				t.Errorf("Terms(%q)\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestTerms_Limits(t *testing.T) {
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, "slovo%dx ", i)
	}
	if got := len(search.Terms(many.String())); got != 400 {
		t.Errorf("terms of a long text: got %d, want 400", got)
	}
	got := search.Terms(strings.Repeat("ж", 30) + " konec")
	if want := []string{strings.Repeat("ж", 20), "konec"}; !slices.Equal(got, want) {
		t.Errorf("long word: got %q, want %q", got, want)
	}
	if got := search.Terms("x" + strings.Repeat("語", 14)); !slices.Equal(got, []string{"x", "語"}) {
		t.Errorf("ideographs: got %q", got)
	}
}

func TestPhoneTerms_AnyFragmentFinds(t *testing.T) {
	const number = "420601234567"
	terms := search.PhoneTerms("+" + number)
	if want := len(number) - 2; len(terms) != want {
		t.Errorf("terms: got %d (%q), want %d", len(terms), terms, want)
	}
	for from := 0; from+3 <= len(number); from++ {
		for to := from + 3; to <= len(number); to++ {
			if q := search.Parse(number[from:to]); !finds(q, terms) {
				t.Errorf("fragment %s: %v does not find %q", number[from:to], q.Terms, terms)
			}
		}
	}
	for _, typed := range []string{"601 234 567", "601 234", "234 567", "4567", "+420 601-234-567", "00420 601 234 567"} {
		if q := search.Parse(typed); !finds(q, terms) {
			t.Errorf("%q: %v does not find %q", typed, q.Terms, terms)
		}
	}
	if got := search.PhoneTerms("username"); got != nil {
		t.Errorf("no digits: got %q, want none", got)
	}
}

func TestFold_Table(t *testing.T) {
	for in, want := range map[string]string{
		"Žofie Nováková": "zofie novakova", "ÉTÉ !": "ete !", "Œuvre": "oeuvre", "²": "2", "™": "™", "한": "\u1112\u1161\u11ab",
		"ẞß": "ssss", "\xff": "\ufffd", "": "", "1\u202f250": "1 250", "Hindi: हिन्दी": "hindi: हिनदी",
	} {
		if got := search.Fold(in); got != want {
			t.Errorf("Fold(%q): got %q, want %q", in, got, want)
		}
	}
}

// Every rune is tried, because a fold that changes its own result would index terms that no query reaches.
func TestFold_SettledForEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		once := search.Fold(string(r))
		if twice := search.Fold(once); twice != once {
			t.Errorf("%U: folded once %q, twice %q", r, once, twice)
		}
		if nfd := search.Fold(norm.NFD.String(string(r))); nfd != once {
			t.Errorf("%U: NFC folds to %q, NFD to %q", r, once, nfd)
		}
		if unicode.IsDigit(r) && (len(once) != 1 || once[0] < '0' || once[0] > '9') {
			t.Errorf("%U: digit folds to %q", r, once)
		}
	}
}

// corpus is what the properties are tried on: every language and every kind of spelling that the desk meets.
var corpus = []string{
	"Dobrý den, prosím o stav objednávky P-2041, děkuji. Žofie Nováková",
	"Bonjour, j’attends mon colis nº 12-34/B depuis l’été ; rappelez-moi au 06 01 00 02 22 !",
	"Volejte +420 601 234 567 / 602 345 678 nebo napište na jan.novak2@shop.example (po 8:30)",
	"Tel. +33 (0)6 01 00 02 22, +33601000222, 00420601234567, 0012345, (02) 33.44.55.66",
	"https://shop.example/cz/p/123?x=1&y=2 — 1 250,50 Kč, 12.5.2024 14:30",
	"Nguyễn Văn Đức ở Đà Nẵng; Ødegård; Straße 12a; ЁЛКА ёлка; οδός",
	"東京タワー2024年 ご注文 한국어 주문 हिन्दी ไทย العربية ٠٦٠١٠٠٠٢٢٢",
	"000000000000 0000000 00000001234567 " + strings.Repeat("7", 60) + " " + strings.Repeat("0", 37) + "12345",
	strings.Repeat("a-1.", 40) + " " + strings.Repeat("ž", 50),
}

func TestTerms_EachIsFound(t *testing.T) {
	for _, text := range corpus {
		terms := search.Terms(text)
		for _, term := range terms {
			for _, q := range []string{term, `"` + term + `"`} {
				if parsed := search.Parse(q); len(parsed.Terms) == 0 || !finds(parsed, terms) {
					t.Errorf("term %q of %q: query %v does not find it", term, text, parsed.Terms)
				}
			}
		}
	}
}

// A person copies any part of a message, beginning with a word, into the search field, or is still typing it.
func TestTerms_EveryPassageIsFound(t *testing.T) {
	for _, text := range corpus {
		terms := search.Terms(text)
		words := search.Highlight(text, terms)
		for _, from := range words {
			for _, to := range words {
				if to.End <= from.Start || to.End-from.Start > 60 || strings.Contains(text, "(0)") {
					continue
				}
				passage := text[from.Start:to.End]
				if q := search.Parse(passage); !finds(q, terms) {
					t.Errorf("passage %q of %q: %v does not find it", passage, text, q.Terms)
				}
			}
		}
	}
}

func TestTerms_SameForNFCAndNFD(t *testing.T) {
	for _, text := range corpus {
		nfc, nfd := search.Terms(norm.NFC.String(text)), search.Terms(norm.NFD.String(text))
		if !slices.Equal(nfc, nfd) {
			t.Errorf("%q\nNFC %q\nNFD %q", text, nfc, nfd)
		}
	}
}

func TestTerms_ConcurrentUse(t *testing.T) {
	want := search.Terms(corpus[0])
	t.Run("group", func(t *testing.T) {
		for range 8 {
			t.Run("caller", func(t *testing.T) {
				t.Parallel()
				for range 100 {
					if got := search.Terms(corpus[0]); !slices.Equal(got, want) {
						t.Fatalf("got %q, want %q", got, want)
					}
				}
			})
		}
	})
}

func FuzzTerms(f *testing.F) {
	for _, text := range corpus {
		f.Add(text)
	}
	f.Add(strings.Repeat("0", 12) + "1" + strings.Repeat("0", 40) + "A") // its first forty bytes are a number
	f.Add("a\xff\u0301\u200b(0)+")
	f.Fuzz(func(t *testing.T, text string) {
		terms := search.Terms(text)
		if len(terms) > 400 {
			t.Errorf("%d terms", len(terms))
		}
		for _, term := range terms {
			if term == "" || len(term) > 40 || !utf8.ValidString(term) {
				t.Errorf("bad term %q", term)
			}
			if again := search.Terms(term); !slices.Contains(again, term) {
				t.Errorf("term %q gives %q", term, again)
			}
			if !finds(search.Parse(term), terms) {
				t.Errorf("term %q does not find its text %q", term, text)
			}
		}
	})
}

func BenchmarkTerms(b *testing.B) {
	text := "Dobrý den, prosím o informaci, kdy dorazí objednávka P-2041. Na e-mail zofie@example.cz nikdo neodpovídá, " +
		"můžete mi prosím zavolat na číslo +420 601 234 567? Děkuji a přeji hezký zbytek dne, Žofie."
	b.ReportAllocs()
	for b.Loop() {
		search.Terms(text)
	}
}

// finds answers a query from the terms of one text, as the store does from its postings.
func finds(q search.Query, terms []string) bool {
	for _, want := range q.Terms {
		has := func(term string) bool {
			return term == want.Text || want.Prefix && strings.HasPrefix(term, want.Text)
		}
		if !slices.ContainsFunc(terms, has) {
			return false
		}
	}
	return len(q.Terms) > 0
}
