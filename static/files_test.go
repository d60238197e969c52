package static

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestParts_EveryFileIsInOne(t *testing.T) {
	for _, kind := range []struct{ folder, pattern string }{
		{"css", "*.css"}, {"js", "*.js"}, {"widget/panel", "*.js"}, {"worker", "*.js"}, {"vendor/htmx", "*.js"},
	} {
		checkListed(t, kind.folder+"/"+kind.pattern, listFiles(kind.folder))
	}
}

// listFiles are the files of a folder that are in any part, each once.
func listFiles(folder string) []string {
	var all []string
	for _, p := range parts {
		for _, name := range p.files {
			if file := path.Join(p.folder, name); path.Dir(file) == folder {
				all = append(all, path.Base(file))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// What is in two parts of one page would be there twice: a script's names would clash, a style's order would change.
func TestParts_NoFileIsLoadedTwiceByOnePage(t *testing.T) {
	// of pages that load nothing else, and of a worker
	alone := []string{"signin.css", "live.js", "widget/panel.js", "widget/panel.css"}
	in := make(map[string]string)
	for _, p := range parts {
		for _, name := range p.files {
			file := path.Join(p.folder, name)
			if other := in[file]; other != "" && !slices.Contains(alone, p.name) {
				t.Errorf("%s is in %s and in %s", file, other, p.name)
			}
			if !slices.Contains(alone, p.name) {
				in[file] = p.name
			}
		}
	}
}

// checkListed compares the files on disk, not the embedded ones: a name that embedding skips has to be noticed too.
func checkListed(t *testing.T, pattern string, want []string) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range paths {
		got = append(got, filepath.Base(path))
	}
	sorted := slices.Sorted(slices.Values(want))
	if !slices.Equal(got, sorted) {
		t.Errorf("%s: got files %v, want those of the list parts: %v", pattern, got, sorted)
	}
}

var (
	comment    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	defined    = regexp.MustCompile(`(--[\w-]+)\s*:`)
	used       = regexp.MustCompile(`var\((--[\w-]+)`)
	hexColour  = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`)
	fontPixels = regexp.MustCompile(`(?:font|font-size|line-height)\s*:[^;}]*\dpx`)
	bigPixels  = regexp.MustCompile(`\b(?:[5-9]|\d{2,})px`)
)

// readSheets are the style sheets by name, without comments.
func readSheets(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, name := range listFiles("css") {
		all[name] = comment.ReplaceAllString(string(readFile("css/"+name)), "")
	}
	return all
}

func TestStyles_EveryTokenIsDefined(t *testing.T) {
	known := make(map[string]bool)
	for _, css := range readSheets(t) {
		for _, match := range defined.FindAllStringSubmatch(css, -1) {
			known[match[1]] = true
		}
	}
	for name, css := range readSheets(t) {
		for _, match := range used.FindAllStringSubmatch(css, -1) {
			if !known[match[1]] {
				t.Errorf("%s uses %s, which no file defines", name, match[1])
			}
		}
	}
}

func TestStyles_ColoursAndSizes(t *testing.T) {
	for name, css := range readSheets(t) {
		if got := hexColour.FindString(css); got != "" && name != "tokens.css" {
			t.Errorf("%s has the raw colour %s, want a token", name, got)
		}
		if got := fontPixels.FindString(css); got != "" {
			t.Errorf("%s has %q, want rem: text must grow with the reader's setting", name, got)
		}
		if got := bigPixels.FindString(css); got != "" {
			t.Errorf("%s has %s, want rem", name, got)
		}
	}
}

func TestStyles_EveryRuleIsInALayer(t *testing.T) {
	for name, css := range readSheets(t) {
		if css = strings.TrimSpace(css); !strings.HasPrefix(css, "@layer ") || strings.Count(css, "@layer") != 1 {
			t.Errorf("%s: got %.40q…, want one @layer around everything", name, css)
		}
		if opened, closed := strings.Count(css, "{"), strings.Count(css, "}"); opened != closed {
			t.Errorf("%s: got %d opening and %d closing braces", name, opened, closed)
		}
	}
}

// Scripts are joined: a module statement or eval would break the whole bundle under the policy.
func TestScripts_NoModulesNoEval(t *testing.T) {
	forbidden := regexp.MustCompile(`(?m)^\s*(import|export)\b|\beval\(|new Function\(|setAttribute\(["']style["']|\.innerHTML\b`)
	for _, name := range listFiles("js") {
		if got := forbidden.Find(readFile("js/" + name)); got != nil {
			t.Errorf("%s has %q", name, got)
		}
	}
}

func TestVendor_Checksums(t *testing.T) {
	raw, err := os.ReadFile("vendor/vendor.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Packages []struct {
			Name, Version, Licence string
			Files                  []struct{ To, SHA256 string }
		}
		Made []struct{ To, SHA256 string }
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	sums := make(map[string]string)
	for _, p := range manifest.Packages {
		if p.Name == "" || p.Version == "" || p.Licence == "" {
			t.Errorf("package %q: got version %q, licence %q, want all three", p.Name, p.Version, p.Licence)
		}
		for _, f := range p.Files {
			sums[f.To] = f.SHA256
		}
	}
	for _, f := range manifest.Made {
		sums[f.To] = f.SHA256
	}
	for name, want := range sums {
		if got := fileSum(t, name); got != want {
			t.Errorf("%s: got sha256 %s, want %s", name, got, want)
		}
	}
	checkEveryFile(t, sums)
}

func fileSum(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(body)
	return hex.EncodeToString(digest[:])
}

func checkEveryFile(t *testing.T, sums map[string]string) {
	t.Helper()
	err := filepath.WalkDir("vendor", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "vendor.json" {
			return err
		}
		if name := filepath.ToSlash(path); sums[name] == "" {
			t.Errorf("%s is not in vendor.json", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestIcons_SpriteHasEveryListedName(t *testing.T) {
	list, err := os.ReadFile("img/icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	glyphs, err := filepath.Glob("img/glyphs/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(list))
	for _, path := range glyphs {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".svg"))
	}
	sprite := string(readFile("img/icons.svg"))
	for _, name := range names {
		if !strings.Contains(sprite, `<symbol id="i-`+name+`"`) {
			t.Errorf("icons.svg has no symbol i-%s, want it rebuilt with internal/tools/icons", name)
		}
	}
	if got := strings.Count(sprite, "<symbol "); got != len(names) {
		t.Errorf("icons.svg: got %d symbols, want %d", got, len(names))
	}
}
