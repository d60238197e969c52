package mailhtml_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"pult/domain/mailhtml"
)

// own gives a picture of the letter's for every id.
func own(cid string) (string, bool) { return "/files/1", !strings.Contains(cid, "://") }

// hostile are letters made to do something.
func hostile(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/hostile/*.html")
	if err != nil || len(names) < 60 {
		t.Fatalf("got %d cases, %v; want at least 60", len(names), err)
	}
	out := map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".html")] = string(raw)
	}
	return out
}

func TestRender_HostileLettersOnlyShow(t *testing.T) {
	for name, source := range hostile(t) {
		for _, pictures := range []bool{false, true} {
			r := mailhtml.Render(source, mailhtml.Options{Pictures: pictures, CID: own, Quoted: "Show"})
			for _, fault := range faults(t, r.HTML, pictures) {
				t.Errorf("%s: %s\n%s", name, fault, r.HTML)
			}
			if strings.Contains(source, "VISIBLE") && !strings.Contains(r.HTML, "VISIBLE") && !strings.HasPrefix(name, "form-nested") {
				t.Errorf("%s: the words are gone: %q", name, r.HTML)
			}
			again := mailhtml.Render(r.HTML, mailhtml.Options{Pictures: pictures, CID: own})
			if len(faults(t, again.HTML, pictures)) > 0 {
				t.Errorf("%s: rendered twice: %s", name, again.HTML)
			}
		}
	}
}

// elements are all that may ever be shown. They are written down again here, so that a slip in the policy does not
// change the test.
var elements = strings.Fields(
	`a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl
	dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q s samp section small span strike
	strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr html head body`,
)

var attributes = strings.Fields(
	`align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang nowrap rel rowspan size
	span src start style target title type valign value width`,
)

// faults reads what a browser would read and names everything that is not allowed.
func faults(t testing.TB, fragment string, pictures bool) (out []string) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(fragment))
	if err != nil {
		return []string{"cannot be parsed: " + err.Error()}
	}
	for n := range root.Descendants() {
		switch {
		case n.Type == nethtml.CommentNode, n.Type == nethtml.DoctypeNode:
			out = append(out, "a comment")
		case n.Type == nethtml.TextNode && strings.ContainsAny(n.Data, "\x00\u202e\u202d"):
			out = append(out, "a control character")
		case n.Type != nethtml.ElementNode:
			continue
		case n.Namespace != "" || !slices.Contains(elements, n.Data):
			out = append(out, "element "+n.Data)
		}
		for _, a := range n.Attr {
			if f := attributeFault(n.Data, a, pictures); f != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

func attributeFault(element string, a nethtml.Attribute, pictures bool) string {
	value := strings.ToLower(strings.TrimSpace(a.Val))
	fault := element + " " + a.Key + "=" + a.Val
	switch {
	case !slices.Contains(attributes, a.Key):
		return fault
	case a.Key == "href":
		for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
			if strings.HasPrefix(value, scheme) {
				return ""
			}
		}
		return fault
	case a.Key == "src":
		remote := strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://")
		if value == "/files/1" || remote && pictures || strings.HasPrefix(value, "data:image/png;base64,") {
			return ""
		}
		return fault
	case a.Key == "style":
		for _, bad := range []string{"url", "expression", "position", "behavior", "binding", "@", "\\", "/*", ": -", "z-index"} {
			if strings.Contains(value, bad) {
				return fault
			}
		}
	case a.Key == "target" && value != "_blank", a.Key == "rel" && !strings.Contains(value, "noopener"):
		return fault
	}
	return ""
}

func TestRender_PicturesFromElsewhereAreCountedAndShownOnDemand(t *testing.T) {
	const source = `<p>x</p><img src="https://a.example/1.png"><img src="//a.example/2.png" alt="logo"><img src="cid:P%401"><img src="cid:none@x">`
	cid := func(id string) (string, bool) { return "/files/p", id == "P@1" }
	r := mailhtml.Render(source, mailhtml.Options{CID: cid})
	if r.Blocked != 2 || strings.Contains(r.HTML, "a.example") || !strings.Contains(r.HTML, `src="/files/p"`) ||
		!strings.Contains(r.HTML, "logo") {
		t.Errorf("blocked: got %d in %s", r.Blocked, r.HTML)
	}
	r = mailhtml.Render(source, mailhtml.Options{
		CID:      cid,
		Pictures: true,
		Remote:   func(u string) string { return "/proxy?u=" + u[len("https://"):] },
	})
	if r.Blocked != 0 || !strings.Contains(r.HTML, `src="/proxy?u=a.example/1.png"`) ||
		!strings.Contains(r.HTML, `src="/proxy?u=a.example/2.png"`) {
		t.Errorf("shown: got %d in %s", r.Blocked, r.HTML)
	}
}

func TestRender_KeepsWhatLettersLookLike(t *testing.T) {
	const source = `<table width="600" bgcolor="#ffffff"><tr><td style="color: #333333; padding: 4px; position: fixed" align="center"><b>Nabídka</b></td></tr></table><ul><li>one</li></ul>`
	r := mailhtml.Render(source, mailhtml.Options{})
	for _, want := range []string{`width="600"`, `bgcolor="#ffffff"`, "color: #333333; padding: 4px", `align="center"`, "<b>Nabídka</b>", "<li>one</li>"} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("got %s, want %s in it", r.HTML, want)
		}
	}
}

func TestRender_FoldsWhatIsQuoted(t *testing.T) {
	const source = `<p>Yes.</p><blockquote type="cite">Do you?</blockquote>`
	r := mailhtml.Render(source, mailhtml.Options{Quoted: "Zobrazit & víc"})
	if want := "<p>Yes.</p><details><summary>Zobrazit &amp; víc</summary><blockquote>Do you?</blockquote></details>"; r.HTML != want {
		t.Errorf("got %s, want %s", r.HTML, want)
	}
	if r := mailhtml.Render(source, mailhtml.Options{}); strings.Contains(r.HTML, "details") {
		t.Errorf("without a caption: got %s", r.HTML)
	}
	const inline = `<blockquote>Colour?</blockquote><p>Red</p><blockquote>Size?</blockquote><p>54</p>`
	if r := mailhtml.Render(inline, mailhtml.Options{Quoted: "x"}); strings.Contains(r.HTML, "details") {
		t.Errorf("answers between the lines were folded: %s", r.HTML)
	}
}

func TestText_IsWhatPeopleRead(t *testing.T) {
	for source, want := range map[string]string{
		"<p>one</p><p>two<br>three</p>":                                   "one\n\ntwo\nthree",
		"<ul><li>a</li><li>b</li></ul>":                                   "- a\n- b",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
		"a<style>p{}</style><script>x</script><title>t</title> b":         "a b",
		`<p>x</p><div style="display:none">ignore all</div>`:              "x",
		`<p>x</p><span style="font-size:0">ignore</span>`:                 "x",
		`<p>x <span style="color:#FFFFFF">ignore</span></p>`:              "x",
		`<p style="background-color:#000;color:#fff">seen</p>`:            "seen",
		"<pre>a\n  b</pre>":                                               "a\n  b",
		"a&nbsp;b":                                                        "a\u00a0b",
		"  spaces \n and   lines ":                                        "spaces and lines",
		`<img alt="logo"> x`:                                              "logo x",
	} {
		if got := mailhtml.Text(source); got != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
	for _, name := range []string{"display-none-phish", "white-on-white", "zero-font"} {
		if got := mailhtml.Text(hostile(t)[name]); strings.Contains(got, "refund") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestImages_ListsWhatIsShown(t *testing.T) {
	ids, elsewhere := mailhtml.Images(`<img src="cid:a%40b"><img src="cid:&lt;c@d&gt;"><img src="picture.png">`)
	if !slices.Equal(ids, []string{"a@b", "c@d", "picture.png"}) || elsewhere {
		t.Errorf("got %q, elsewhere %v", ids, elsewhere)
	}
	if _, elsewhere := mailhtml.Images(`<img src="https://x.example/a.png">`); !elsewhere {
		t.Error("a picture from elsewhere was not seen")
	}
}

// Letters made to waste time or memory. That they end at all is the test; each of them grew without bound in some mail
// program.
func TestRender_Bombs(t *testing.T) {
	bold := strings.Builder{}
	for i := range 2000 {
		bold.WriteString("<b id=" + strings.Repeat("x", i%7) + "><font color=" + strings.Repeat("r", i%9) + ">")
	}
	for name, source := range map[string]string{
		"deep":            strings.Repeat("<div>", 30000) + "x",
		"deep tables":     strings.Repeat("<table><tr><td>", 6000) + "x",
		"formatting":      bold.String() + strings.Repeat("<p>x", 6000),
		"attributes":      "<p " + strings.Repeat("a=b ", 60000) + ">x",
		"huge table":      "<table>" + strings.Repeat("<tr><td>x</td></tr>", 15000) + "</table>",
		"huge":            strings.Repeat("x", 10<<20),
		"attribution":     strings.Repeat("<p>On x, y wrote:</p><p></p>", 6000),
		"nested quotes":   strings.Repeat("<blockquote>", 400) + strings.Repeat("<p>x</p>", 6000),
		"unclosed links":  strings.Repeat("<a href=https://x.example>", 6000) + "x",
		"less than":       strings.Repeat("<", 150000),
		"entities":        strings.Repeat("&#", 150000),
		"broken comments": strings.Repeat("<!--", 100000),
	} {
		r := mailhtml.Render(source, mailhtml.Options{Quoted: "x"})
		if len(r.HTML) > 16<<20 {
			t.Errorf("%s: got %d bytes out of %d", name, len(r.HTML), len(source))
		}
		mailhtml.Split(source)
	}
}

func FuzzRender(f *testing.F) {
	for _, source := range hostile(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		r := mailhtml.Render(source, mailhtml.Options{CID: own, Quoted: "Show"})
		for _, fault := range faults(t, r.HTML, false) {
			t.Fatalf("%s\n%s", fault, r.HTML)
		}
		own, quoted := mailhtml.Split(source)
		if strings.ToValidUTF8(own+quoted, "") != own+quoted {
			t.Fatalf("got broken text %q %q", own, quoted)
		}
	})
}

// A letter can have marks in half a million places: whatever each of them makes us read has to be little.
func TestSplit_LooksForAQuoteNearItsMarkOnly(t *testing.T) {
	const quote = `<div class="gmail_quote">Where is it?</div></div>`
	for name, c := range map[string]struct{ between, want string }{
		"near": {"<br>", "On its way."},
		"far":  {strings.Repeat("<i>so </i>", 500), "On its way." + strings.Repeat(" so", 500)},
	} {
		own, quoted := mailhtml.Split(`<p>On its way.</p><div class="gmail_extra">` + c.between + quote)
		if got := strings.Join(strings.Fields(own), " "); got != c.want || quoted != "Where is it?" {
			t.Errorf("%s: got %q and quoted %q, want %q", name, got, quoted, c.want)
		}
	}
}
