package search_test

import (
	"slices"
	"strings"
	"testing"

	"pult/domain/search"
)

func TestParse_Table(t *testing.T) {
	for _, c := range []struct{ name, q, want string }{
		{"empty", "  …?! ", ""},
		{"words are prefixes", "Vaše Objednávka", "vase* objednavka*"},
		{"a single letter is exact", "a objednávka", "a objednavka*"},
		{"unless it is still being typed", "objednávka a", "objednavka* a*"},
		{"quoted", `"Žofie N" den`, "zofie n den*"},
		{"quoted last", `den "n"`, "den* n"},
		{"French and Czech quotes", "« été » „léto“ “x”", "ete leto x"},
		{"open quote", `den "obje`, "den* obje*"},
		{"twice, exact wins", `den "den"`, "den"},
		{"code", "P-2041", "p2041*"},
		{"compound word", "peut-être", "peut* etre*"},
		{"phone", "+420 601 234 567", "420601234567*"},
		{"phone with trunk zero", "06.01.00.02.22", "601000222*"},
		{"phone with optional zero", "+33 (0)6 01 00 02 22", "33601000222*"},
		{"few digits stay apart", "601 234", "601* 234*"},
		{"two phones", "+420601234567 +420602345678", "420601234567* 420602345678*"},
		{"longest eight stay, in order", "aa b cc ddd ee ff gg hh iiii jj", "aa* cc* ddd* ee* ff* gg* hh* iiii*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := written(search.Parse(c.q)); got != c.want {
				t.Errorf("Parse(%q): got %q, want %q", c.q, got, c.want)
			}
		})
	}
}

// written shows a query as its terms, prefixes with a star.
func written(q search.Query) string {
	var out []string
	for _, t := range q.Terms {
		if t.Prefix {
			t.Text += "*"
		}
		out = append(out, t.Text)
	}
	return strings.Join(out, " ")
}

func TestParse_FindsOtherSpellings(t *testing.T) {
	for _, c := range []struct {
		text    string
		found   []string
		missing []string
	}{
		{"Vaše objednávka", []string{"objednavka", "OBJEDNÁV", "obj vas", `"vase"`}, []string{`"obj"`, "jednavka", "vase nic"}},
		{"l'été à l’œuvre", []string{"ete", "ÉTÉ", "oeuvre", "œuv"}, []string{"euvre"}},
		{"Žofie", []string{"zofie", "Zof", "Žo"}, []string{"Žofka"}},
		{"chat P-2041.", []string{"p-2041", "P2041", "p 2041", "2041", "P-20"}, []string{"P-2042"}},
		{"rendez-vous", []string{"rendez vous", "rendezvous", "vous"}, nil},
		{"jan.novak@shop.cz", []string{"jan.novak@shop.cz", "novak@shop.cz", "jannovak", "shop.cz", "jan.nov"}, []string{"jana"}},
		{"tel +420 601 234 567", []string{"601234567", "+420601234567", "601 234 567", "00420 601", "420/601-234-567", "234567", "601 2345"}, []string{"602234567"}},
		{"+420601234567", []string{"601 234 567", "+420 601 234 567", "601234"}, nil},
		{"+33 (0)6 01 00 02 22", []string{"0601000222", "06 01 00 02 22", "+33601000222", "+33 6 01 00 02 22"}, nil},
		{"+33601000222", []string{"06.01.00.02.22", "06 01 00 02", "+33 6 01 00 02 22"}, nil},
		{"+4915123456789", []string{"0151 23456789", "+49 151 23456789"}, nil},
		{"06 01 00 02 22 07 08 09 10 11", []string{"0601000222", "0708091011"}, nil},
		{"12.5.2024", []string{"12.5.2024", "12/5/2024", "2024"}, nil},
	} {
		terms := search.Terms(c.text)
		for _, q := range c.found {
			if parsed := search.Parse(q); !finds(parsed, terms) {
				t.Errorf("%q (%v) does not find %q (%q)", q, parsed.Terms, c.text, terms)
			}
		}
		for _, q := range c.missing {
			if parsed := search.Parse(q); finds(parsed, terms) {
				t.Errorf("%q (%v) finds %q (%q)", q, parsed.Terms, c.text, terms)
			}
		}
	}
}

func TestQuery_Texts(t *testing.T) {
	if got, want := search.Parse(`"den" obj`).Texts(), []string{"den", "obj"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
