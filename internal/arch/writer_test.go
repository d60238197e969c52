package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// onlyWriter is the one package of the desk that stores messages and conversations: what is waiting, unread, last said
// and counted is decided there once, and what must follow is raised there. Sample data is stored below the use cases
// and is no part of the desk.
const onlyWriter = "domain/desk/thread"

// writerMethods are the methods of a transaction by which messages and conversations are stored.
var writerMethods = []string{"PutMessage", "PutConversation"}

func TestArch_OnlyTheThreadStoresMessagesAndConversations(t *testing.T) {
	writers := map[string]int{}
	for _, file := range sources(t) {
		if file.test || file.folder != "domain/desk" && !within(file.folder, "domain/desk") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(houseRoot, file.name))
		if err != nil {
			t.Fatal(err)
		}
		found, err := directWrites(string(text))
		if err != nil {
			t.Fatal(err)
		}
		writers[file.folder] += len(found)
		if file.folder != onlyWriter {
			for _, at := range found {
				t.Errorf(
					"%s:%s: stored past the thread: call thread.%s, which keeps the table true and tells the pages",
					file.name,
					at.place,
					at.method,
				)
			}
		}
	}
	if writers[onlyWriter] == 0 {
		t.Errorf("%s stores nothing: the check looks for the wrong thing", onlyWriter)
	}
}

// directWrite is a use of a writer method that is not the thread's verb of the same name.
type directWrite struct{ place, method string }

// directWrites finds the uses of the writer methods in a Go file, called or handed on, whatever the transaction is
// named. A verb of package thread is told by the import; nothing else has such a name.
func directWrites(text string) (found []directWrite, err error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	verbs := ""
	for _, spec := range parsed.Imports {
		if strings.Trim(spec.Path.Value, `"`) == module+"/"+onlyWriter {
			if verbs = "thread"; spec.Name != nil {
				verbs = spec.Name.Name
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		selected, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(writerMethods, selected.Sel.Name) {
			return true
		}
		if of, ok := selected.X.(*ast.Ident); !ok || verbs == "" || of.Name != verbs {
			at := files.Position(selected.Sel.Pos())
			found = append(found, directWrite{strings.TrimPrefix(at.String(), "-:"), selected.Sel.Name})
		}
		return true
	})
	return found, nil
}

func TestArch_DirectWritesAreSeen(t *testing.T) {
	const head = "package calls\nimport \"pult/domain/desk/thread\"\n"
	for _, c := range []struct {
		text string
		want int
	}{
		{head + "func f() error { return thread.PutMessage(tx, c, m) }", 0},
		{head + "func f() error { return thread.PutConversation(tx, c, m) }", 0},
		{head + "func f() error { return tx.PutContact(m) }", 0},
		{head + "func f() error { return tx.PutMessage(m, 1) }", 1},
		{head + "func f() error { return tx.PutConversation(m, c) }", 1},
		{head + "func f(w *store.Tx) error { return w.PutMessage(m, 1) }", 1},
		{head + "func f() error { return s.store.tx().PutMessage(m, 1) }", 1},
		{head + "var put = (*store.Tx).PutMessage", 1},
		{head + "func f() { each(tx.PutMessage, tx.PutConversation) }", 2},
		{head + "// tx.PutMessage is what others must not call\nconst s = `tx.PutMessage(m, 1)`", 0},
		{"package calls\nimport t \"pult/domain/desk/thread\"\nfunc f() { t.PutMessage(tx, c, m); thread.PutMessage(m, 1) }", 1},
		// named as the package, which is not imported
		{"package calls\nfunc f(thread *store.Tx) { thread.PutMessage(m, 1) }", 1},
	} {
		if found, err := directWrites(c.text); err != nil || len(found) != c.want {
			t.Errorf("%s: found %+v, %v, want %d", c.text, found, err, c.want)
		}
	}
}
