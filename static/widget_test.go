package static

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// What a shop's page costs. The panel is the page, its style sheet and its script; the page itself is measured in
// handlers.
const (
	loaderBudget = 5 << 10
	panelBudget  = 32 << 10 // of 40 KB: the page gets the rest
)

func sampleConfig() map[string]any {
	word := map[string]string{
		"open":  strings.Repeat("Open ", 10),
		"close": strings.Repeat("Close ", 10),
		"title": strings.Repeat("Chat ", 10),
	}
	return map[string]any{
		"key":     "demo-web",
		"colour":  "#0b6b63",
		"origins": []string{"https://shop.example"},
		"words":   map[string]any{"fr": word, "cs": word, "en": word},
	}
}

func TestWidget_FitsItsBudget(t *testing.T) {
	loader, err := Loader(sampleConfig())
	if err != nil {
		t.Fatal(err)
	}
	for name, compress := range map[string]func([]byte) []byte{"zstd": compressZstd, "gzip": compressGzip} {
		if got := len(compress(loader)); got > loaderBudget {
			t.Errorf("loader, %s: got %d bytes, want at most %d", name, got, loaderBudget)
		}
		panel := 0
		for _, part := range []string{"widget/panel.js", "widget/panel.css"} {
			panel += len(compress(loadBundle().assets[part].plain()))
		}
		if panel > panelBudget {
			t.Errorf("panel, %s: got %d bytes, want at most %d", name, panel, panelBudget)
		}
	}
}

func TestLoader_CarriesItsConfigurationOnce(t *testing.T) {
	loader, err := Loader(map[string]string{"key": `</script><script>alert(1)`})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(loader, []byte("CONFIG")) || bytes.Contains(loader, []byte("</script>")) ||
		!bytes.HasPrefix(loader, []byte("((config)")) {
		t.Errorf("got %.80s … %s", loader, loader[max(0, len(loader)-120):])
	}
}

// Strangers' pages load these: nothing of them may come from elsewhere, evaluate text, or need a policy to be loosened.
func TestWidget_NothingFromElsewhereNothingEvaluated(t *testing.T) {
	forbidden := regexp.MustCompile(
		`(?m)^\s*(import|export)\b|\beval\(|new Function\(|innerHTML|outerHTML|document\.write|document\.cookie|setAttribute\(["']style["']`,
	)
	elsewhere := regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+\.[a-z]`)
	names := []string{"widget/loader.js", "widget/panel.css"}
	for _, name := range listFiles("widget/panel") {
		names = append(names, "widget/panel/"+name)
	}
	for _, name := range names {
		body := readFile(name)
		if got := forbidden.Find(body); got != nil {
			t.Errorf("%s has %q", name, got)
		}
		for _, got := range elsewhere.FindAll(body, -1) {
			if !bytes.Contains(got, []byte("www.w3.org")) && string(got) != "//www.w" && !bytes.HasPrefix(got, []byte("http://www.w")) {
				t.Errorf("%s names another host: %s", name, got)
			}
		}
	}
}
