// Package static is everything the browser loads besides pages: style sheets, scripts, icons, and the vendored files of
// other people. There is no build step: style sheets and scripts are joined when the first of them is asked for, and
// all of them are served below one folder named after the hash of all, so a browser may keep them for ever and a new
// program is seen at once.
//
// What can be asked for (see [URL]): the style sheets and scripts of the list parts, img/… and emoji/<language>.json.
// Every page of the desk loads desk.css and desk.js (htmx with its extensions, what all pages and the chats table need);
// what only some pages need is a part of its own, named in the head of those pages, or in the data-part of an element
// that is put into a page later (core.js). Pages before the desk load signin.css alone.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Prefix is the path below which [Handler] has to be mounted; every address made by [URL] begins with it.
const Prefix = "/static/"

//go:embed css/*.css js/*.js img/*.svg worker/*.js widget/*.js widget/*.css widget/panel/*.js
//go:embed vendor/htmx/*.js vendor/emoji/*.json.gz
var files embed.FS

// layers is the order of the cascade: a later layer wins over an earlier one, whatever the selectors are.
const layers = "@layer reset, tokens, base, layout, components, utilities;\n"

// part is a style sheet or script that is asked for by one name.
type part struct {
	name   string
	folder string
	files  []string // of the folder, in the order in which they are joined
	join   func(folder string, files []string) []byte
}

// parts are all style sheets and scripts. A file that is in no part is not served; a test says so. In a script core.js
// comes first, and a file after those it uses.
var parts = []part{
	{"desk.css", "css", []string{
		"reset.css", "tokens.css", "base.css", "layout.css",
		"button.css", "field.css", "avatar.css", "badge.css", "card.css", "rail.css", "tabs.css", "table.css", "call.css",
		"menu.css", "dialog.css", "toast.css", "health.css", "search.css", "palette.css", "empty.css", "summary.css",
		"utilities.css",
	}, joinStyles},
	{"conversation.css", "css", []string{
		"conversation.css", "message.css", "letter.css", "attachment.css", "composer.css", "request.css", "emoji.css",
	}, joinStyles},
	{"settings.css", "css", []string{"settings.css", "article.css", "widget.css"}, joinStyles},
	{"simulator.css", "css", []string{"simulator.css"}, joinStyles},
	{"signin.css", "css", []string{
		"reset.css", "tokens.css", "base.css", "button.css", "field.css", "rail.css", "signin.css", "utilities.css",
	}, joinStyles},
	{"desk.js", ".", []string{
		"vendor/htmx/htmx.min.js", "vendor/htmx/hx-preload.min.js", "vendor/htmx/hx-upsert.min.js",
		"js/core.js", "js/toast.js", "js/session.js", "js/alert.js", "js/popover.js", "js/menu.js", "js/dialog.js", "js/favicon.js",
		"js/chats.js", "js/tabs.js", "js/keyboard.js", "js/line.js", "js/live.js", "js/search.js", "js/call.js",
	}, joinDesk},
	{"palette.js", "js", []string{"palette.js"}, joinScripts},
	{"conversation.js", "js", []string{
		"emoji-search.js", "emoji.js",
		"message-id.js", "window.js", "thread.js", "emoji-glue.js", "sending.js", "upload.js", "segments.js",
		"composer.js", "template.js",
		"conversation.js", "request-select.js", "message-menu.js", "message-walk.js", "thread-news.js", "viewers.js", "request.js",
	}, joinScripts},
	{"settings.js", "js", []string{"copy.js", "required.js", "preset.js", "widget-preview.js"}, joinScripts},
	{"live.js", ".", []string{"worker/core.js", "js/line.js", "worker/hub.js"}, joinScripts}, // the worker that pages share
	{"widget/panel.js", "widget/panel", []string{
		"core.js", "page.js", "visitor.js", "thread.js", "state.js", "unread.js", "faults.js", "details.js", "files.js",
		"typing.js", "outbox.js", "form.js", "emoji.js", "live.js", "person.js", "frame.js",
	}, joinScripts},
	{"widget/panel.css", "widget", []string{"panel.css"}, joinBareStyles},
}

// bundle is all that is served, under one hash.
type bundle struct {
	hash   string
	assets map[string]*asset
}

// loadBundle builds the bundle once. The files are part of the program, so a failure is a mistake in it: it panics.
var loadBundle = sync.OnceValue(func() *bundle {
	b := &bundle{assets: make(map[string]*asset)}
	for _, p := range parts {
		b.addAsset(p.name, p.join(p.folder, p.files))
	}
	b.addFolder("img", "img")
	b.addFolder("vendor/emoji", "emoji")
	b.hash = b.computeHash()
	return b
})

// URL is the address of an asset, for example URL("img/icons.svg"). It changes whenever any asset changes.
// It panics for a name that does not exist: that is a mistake in a page, and html/template turns it into an error.
func URL(name string) string {
	b := loadBundle()
	if b.assets[name] == nil {
		panic(fmt.Sprintf("static: there is no asset %q", name))
	}
	return Prefix + b.hash + "/" + name
}

func (b *bundle) addAsset(name string, body []byte) {
	b.assets[name] = newAsset(name, body)
}

func (b *bundle) addFolder(folder, as string) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(fmt.Sprintf("static: read folder: %v", err))
	}
	for _, entry := range entries {
		name, body := path.Join(as, entry.Name()), readFile(path.Join(folder, entry.Name()))
		if unpacked, packed := strings.CutSuffix(name, ".gz"); packed {
			b.assets[unpacked] = newPackedAsset(unpacked, body)
			continue
		}
		b.addAsset(name, body)
	}
}

// computeHash hashes names and contents; twelve hexadecimal digits are plenty to tell two programs apart.
func (b *bundle) computeHash() string {
	names := make([]string, 0, len(b.assets))
	for name := range b.assets {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s %d\n", name, len(b.assets[name].source))
		h.Write(b.assets[name].source)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// joinStyles says the order of the layers first, in every sheet, so it does not matter which of them is there first.
func joinStyles(folder string, names []string) []byte {
	return append([]byte(layers), joinBareStyles(folder, names)...)
}

func joinBareStyles(folder string, names []string) []byte {
	var joined strings.Builder
	for _, name := range names {
		joined.WriteString(stripStyles(string(readFile(path.Join(folder, name)))))
	}
	return []byte(joined.String())
}

// stripStyles drops comments and indentation, which are for engineers and not for browsers.
func stripStyles(css string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			break
		}
		_, css, _ = strings.Cut(after, "*/")
	}
	var lines strings.Builder
	for line := range strings.Lines(out.String()) {
		if line = strings.TrimSpace(line); line != "" {
			lines.WriteString(line + "\n")
		}
	}
	return lines.String()
}

// joinScripts wraps every file in a block of its own: what it declares with const, let or function stays inside.
func joinScripts(folder string, names []string) []byte {
	var joined bytes.Buffer
	joined.WriteString("\"use strict\";\n")
	for _, name := range names {
		fmt.Fprintf(&joined, "{\n%s\n}\n", readFile(path.Join(folder, name)))
	}
	return stripScript(joined.Bytes())
}

// endComment is a comment behind a statement. It has no sign that could end a text or a pattern, so that what looks like
// a comment inside one of them is left alone.
var endComment = regexp.MustCompile("[ \t]+// [^\"'`/]*$")

// stripScript drops what is for engineers from a script: blocks of comment at the beginning of a line, comments at the
// end of one, and indentation. The script must have no text over several lines; a test says so.
func stripScript(script []byte) []byte {
	var out bytes.Buffer
	inComment := false
	for line := range bytes.Lines(script) {
		line = bytes.TrimSpace(line)
		inComment = inComment || bytes.HasPrefix(line, []byte("/*"))
		if !inComment && len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
			out.Write(endComment.ReplaceAll(line, nil))
			out.WriteByte('\n')
		}
		inComment = inComment && !bytes.HasSuffix(line, []byte("*/"))
	}
	return out.Bytes()
}

// joinDesk puts vendored scripts before ours, as they are: what is strict about ours is not asked of them.
func joinDesk(folder string, names []string) []byte {
	var joined bytes.Buffer
	ours := slices.IndexFunc(names, func(name string) bool { return !strings.HasPrefix(name, "vendor/") })
	for _, name := range names[:ours] {
		fmt.Fprintf(&joined, "%s\n;\n", readFile(path.Join(folder, name)))
	}
	fmt.Fprintf(&joined, "(() => {\n%s})();\n", joinScripts(folder, names[ours:]))
	return joined.Bytes()
}

func readFile(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("static: read asset: %v", err))
	}
	return body
}

// Parts are the names of all style sheets and scripts, for tests of what pages load.
func Parts() []string {
	names := make([]string, 0, len(parts))
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

// Body is an asset as it is served, uncompressed. It panics for a name that does not exist, as [URL] does.
func Body(name string) string {
	URL(name)
	return string(loadBundle().assets[name].plain())
}
