package store_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// recordCalls are the functions of the store through which every record passes, and which argument is the record; -1 is
// the type argument.
var recordCalls = map[string]int{
	"putRecord": 1, "getRecord": 1, "findRecord": 1, "encodeValue": 0, "decodeValue": 1,
	"eachRecord": -1, "allRecords": -1, "getRecords": -1,
}

// Whoever looks for a noun finds it by its file name: a type that is stored under a key of its own is declared in the
// file of its name, and only the file of that name in the store reads and writes it.
func TestNouns_AreDeclaredAndStoredInTheFileOfTheirName(t *testing.T) {
	fset, files, info := checkStore(t)
	stored := map[string]bool{}
	for _, f := range files {
		in := filepath.Base(fset.Position(f.Pos()).Filename)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			noun := recordOf(info, call)
			if noun == nil {
				return true
			}
			want := fileNameOf(noun.Name())
			stored[noun.Name()] = true
			if in != want {
				t.Errorf("%s: a %s is read or written here, not in %s", fset.Position(call.Pos()), noun.Name(), want)
			}
			if got := filepath.Base(fset.Position(noun.Pos()).Filename); got != want {
				t.Errorf("%s.%s is declared in %s, want %s", noun.Pkg().Name(), noun.Name(), got, want)
			}
			return true
		})
	}
	for _, name := range []string{
		"Conversation", "Message", "JournalEntry", "ParkedEntry", "Event", "MessageTemplate", "Workspace",
		"OrphanStatus",
	} {
		if !stored[name] {
			t.Errorf("the test does not see that a %s is stored: are all of %v still the ways in?", name, recordCalls)
		}
	}
}

// recordOf is the declared type of the record that a call reads or writes; nil for other calls, for records that are no
// structs, and where the record is whatever the caller's caller says.
func recordOf(info *types.Info, call *ast.CallExpr) *types.TypeName {
	var name *ast.Ident
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	case *ast.IndexExpr:
		name, _ = f.X.(*ast.Ident)
	}
	if name == nil {
		return nil
	}
	argument, ok := recordCalls[name.Name]
	if !ok {
		return nil
	}
	var record types.Type
	if argument < 0 {
		record = info.Instances[name].TypeArgs.At(0)
	} else {
		record = info.TypeOf(call.Args[argument])
	}
	if p, ok := record.(*types.Pointer); ok {
		record = p.Elem()
	}
	named, ok := record.(*types.Named)
	if !ok {
		return nil
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return nil
	}
	return named.Obj()
}

// checkStore gives the type-checked program files of the store. What it imports comes from the compiler's own cache.
func checkStore(t *testing.T) (*token.FileSet, []*ast.File, *types.Info) {
	t.Helper()
	exports := exportsOf(t, "pult/domain/store")
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{
		Types:     map[ast.Expr]types.TypeAndValue{},
		Uses:      map[*ast.Ident]types.Object{},
		Defs:      map[*ast.Ident]types.Object{},
		Instances: map[*ast.Ident]types.Instance{},
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", open)}
	if _, err := config.Check("pult/domain/store", fset, files, info); err != nil {
		t.Fatal(err)
	}
	return fset, files, info
}

// exportsOf is where the compiler keeps what it knows of a package and all it imports.
func exportsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export", path).
		Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
	return exports
}

// fileNameOf turns JournalEntry into journal_entry.go.
func fileNameOf(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String() + ".go"
}
