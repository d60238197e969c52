// Command emoji builds the emoji lists of the picker, one file per language of the desk. Which emoji exist, their order
// and their groups come from emojibase-data; names and search words in French, Czech and English from the Unicode CLDR.
//
//	go run ./internal/tools/emoji
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"pult/internal/tools/vendored"
)

const folder = "static/vendor/emoji"

var languages = []string{"cs", "en", "fr"}

// groups names the groups of emojibase by their number; components (2: skin tones and hair) are not emoji to send.
var groups = map[int]string{
	0: "smileys",
	1: "people",
	3: "animals",
	4: "food",
	5: "travel",
	6: "activities",
	7: "objects",
	8: "symbols",
	9: "flags",
}

// emoji is one entry of the order that emojibase keeps.
type emoji struct {
	Unicode string `json:"unicode"`
	Group   *int   `json:"group"`
	Order   int    `json:"order"`
	Label   string `json:"label"`
}

// words are the name and the search words of one emoji in one language.
type words struct {
	Search []string `json:"default"`
	Name   []string `json:"tts"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	manifest, err := vendored.Load(vendored.Path)
	if err != nil {
		return err
	}
	list, err := readOrder(ctx, manifest)
	if err != nil {
		return err
	}
	for _, language := range languages {
		names, err := readWords(ctx, manifest, language)
		if err != nil {
			return err
		}
		body, err := encodeList(list, names)
		if err != nil {
			return fmt.Errorf("emoji: encode %s: %w", language, err)
		}
		if err := os.WriteFile(filepath.Join(folder, language+".json.gz"), pack(body), 0o644); err != nil {
			return fmt.Errorf("emoji: %w", err)
		}
	}
	return nil
}

// readOrder lists the emoji that can be sent, as people expect to find them.
func readOrder(ctx context.Context, manifest vendored.Manifest) ([]emoji, error) {
	var list []emoji
	if err := fetchJSON(ctx, manifest, "emojibase-data", "en/compact.json", &list); err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(e emoji) bool { return e.Group == nil || groups[*e.Group] == "" })
	slices.SortFunc(list, func(a, b emoji) int { return a.Order - b.Order })
	return list, nil
}

// readWords reads the words of one language by emoji. CLDR keeps single emoji and composed ones in two packages.
func readWords(ctx context.Context, manifest vendored.Manifest, language string) (map[string]words, error) {
	type annotations struct {
		Annotations map[string]words `json:"annotations"`
	}
	var single struct {
		Root annotations `json:"annotations"`
	}
	var composed struct {
		Root annotations `json:"annotationsDerived"`
	}
	if err := fetchJSON(ctx, manifest, "cldr-annotations-full", "annotations/"+language+"/annotations.json", &single); err != nil {
		return nil, err
	}
	path := "annotationsDerived/" + language + "/annotations.json"
	if err := fetchJSON(ctx, manifest, "cldr-annotations-derived-full", path, &composed); err != nil {
		return nil, err
	}
	all := composed.Root.Annotations
	for sign, w := range single.Root.Annotations {
		all[sign] = w
	}
	return all, nil
}

func fetchJSON(ctx context.Context, manifest vendored.Manifest, name, path string, into any) error {
	pack, err := manifest.Package(name)
	if err != nil {
		return err
	}
	files, err := vendored.Fetch(ctx, pack, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(files[path], into); err != nil {
		return fmt.Errorf("emoji: read %s of %s: %w", path, name, err)
	}
	return nil
}

// encodeList writes one line per emoji: ["😀","smileys","name","search words"].
func encodeList(list []emoji, names map[string]words) ([]byte, error) {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	out.WriteString("[\n")
	for i, e := range list {
		name, search := describeEmoji(e, names)
		if i > 0 {
			out.WriteString(",")
		}
		if err := lines.Encode([]string{e.Unicode, groups[*e.Group], name, search}); err != nil {
			return nil, err
		}
	}
	out.WriteString("]\n")
	return out.Bytes(), nil
}

// pack compresses a list: unpacked, the three would be a sixtieth of the program.
func pack(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // fails only for an unknown level
	_, _ = w.Write(body)                                    // a bytes.Buffer does not fail
	_ = w.Close()
	return out.Bytes()
}

// describeEmoji finds the words of an emoji. CLDR leaves out the mark that asks for the coloured form, so it is looked
// up without. Words the name already says are dropped: they would only make the file longer.
func describeEmoji(e emoji, names map[string]words) (name, search string) {
	w, known := names[strings.ReplaceAll(e.Unicode, "\ufe0f", "")]
	if !known || len(w.Name) == 0 {
		return e.Label, ""
	}
	name = w.Name[0]
	extra := slices.DeleteFunc(w.Search, func(s string) bool { return strings.Contains(name, s) })
	return name, strings.Join(extra, " ")
}
