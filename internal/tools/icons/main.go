// Command icons builds static/img/icons.svg, the one sprite of all icons the desk uses: the Lucide icons named in
// static/img/icons.txt and our own glyphs of static/img/glyphs. Every symbol is called i-<name>.
//
//	go run ./internal/tools/icons
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pult/internal/tools/vendored"
)

const (
	listPath   = "static/img/icons.txt"
	glyphsPath = "static/img/glyphs"
	spritePath = "static/img/icons.svg"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	drawings, err := fetchIcons(ctx)
	if err != nil {
		return err
	}
	if err := addGlyphs(drawings); err != nil {
		return err
	}
	sprite, err := joinSprite(drawings)
	if err != nil {
		return err
	}
	if err := os.WriteFile(spritePath, sprite, 0o644); err != nil {
		return fmt.Errorf("icons: %w", err)
	}
	return nil
}

// fetchIcons fetches the icons named in the list, by name.
func fetchIcons(ctx context.Context) (map[string][]byte, error) {
	manifest, err := vendored.Load(vendored.Path)
	if err != nil {
		return nil, err
	}
	pack, err := manifest.Package("lucide-static")
	if err != nil {
		return nil, err
	}
	list, err := os.ReadFile(listPath)
	if err != nil {
		return nil, fmt.Errorf("icons: %w", err)
	}
	var paths []string
	for _, name := range strings.Fields(string(list)) {
		paths = append(paths, "icons/"+name+".svg")
	}
	files, err := vendored.Fetch(ctx, pack, paths...)
	if err != nil {
		return nil, err
	}
	drawings := make(map[string][]byte, len(files))
	for path, body := range files {
		drawings[iconName(path)] = body
	}
	return drawings, nil
}

func addGlyphs(drawings map[string][]byte) error {
	paths, err := filepath.Glob(filepath.Join(glyphsPath, "*.svg"))
	if err != nil {
		return fmt.Errorf("icons: %w", err)
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("icons: %w", err)
		}
		drawings[iconName(path)] = body
	}
	return nil
}

func iconName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".svg")
}

var (
	inside = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	spaces = regexp.MustCompile(`\s+`)
)

// joinSprite puts the drawings into one sprite, sorted by name so that a rebuild changes nothing.
func joinSprite(drawings map[string][]byte) ([]byte, error) {
	names := make([]string, 0, len(drawings))
	for name := range drawings {
		names = append(names, name)
	}
	slices.Sort(names)

	var sprite strings.Builder
	sprite.WriteString("<svg xmlns=\"http://www.w3.org/2000/svg\">\n")
	for _, name := range names {
		drawing := inside.FindSubmatch(drawings[name])
		if drawing == nil {
			return nil, fmt.Errorf("icons: %s has no drawing", name)
		}
		lines := spaces.ReplaceAllString(strings.TrimSpace(string(drawing[1])), " ")
		lines = strings.ReplaceAll(strings.ReplaceAll(lines, " />", "/>"), "> <", "><")
		fmt.Fprintf(&sprite, "<symbol id=\"i-%s\" viewBox=\"0 0 24 24\">%s</symbol>\n", name, lines)
	}
	sprite.WriteString("</svg>\n")
	return []byte(sprite.String()), nil
}
