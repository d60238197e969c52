package views

import (
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"text/template/parse"
)

// What a template may use is checked against the structs it is given, also in branches that no sample takes: a field
// that does not exist, a fragment given the wrong struct, a block nobody draws.
func TestTemplates_UseOnlyWhatTheirStructsHave(t *testing.T) {
	w := &walker{t: t, trees: parseTemplates(t), funcs: newViews(t).templateFuncs("en", Options{}), seen: map[string]bool{}}
	v := newViews(t)
	v.watch = func(block string, data any) any {
		if block == "" { // a text that fills a hole
			return data
		}
		checkShadows(t, reflect.TypeOf(data))
		w.walkBlock(block, reflect.TypeOf(data))
		return data
	}
	for _, s := range samples {
		if err := s.render(v, io.Discard, "en"); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	for name := range w.trees {
		if !w.hasReached(name) && strings.Contains(name, "/") {
			t.Errorf("the block %s is in no sample", name)
		}
	}
}

// checkShadows finds a page whose own field hides one of the Shell's: the frame would then show the wrong thing.
func checkShadows(t *testing.T, page reflect.Type) {
	t.Helper()
	if page == nil || page.Kind() != reflect.Struct {
		return
	}
	shell, ok := page.FieldByName("Shell")
	if !ok || !shell.Anonymous {
		return
	}
	for i := range page.NumField() {
		name := page.Field(i).Name
		if _, hidden := shell.Type.FieldByName(name); hidden {
			t.Errorf("%v.%s hides Shell.%s", page, name, name)
		}
	}
}

func TestWalker_FindsMistakesInBranchesNotTaken(t *testing.T) {
	type row struct{ Name string }
	type page struct {
		Rows []row
		Open bool
	}
	for text, want := range map[string]string{
		`{{if .Open}}{{.Nmae}}{{end}}`:                          "Nmae",
		`{{range .Rows}}{{.Title}}{{end}}`:                      "Title",
		`{{range $r := .Rows}}{{$r.Title}}{{end}}`:              "Title",
		`{{with .Open}}{{.Name}}{{end}}`:                        "Name",
		`{{template "x/y" .Rows}}{{define "x/y"}}{{.A}}{{end}}`: "A",
		`{{template "no/such" .}}`:                              "no/such",
		`{{range .Rows}}{{$.Name}}{{end}}`:                      "Name",
		`{{(index .Rows 0).Title}}`:                             "Title",
	} {
		trees, err := parse.Parse("top", text, "", "", newViews(t).templateFuncs("en", Options{}), builtins)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		w := &walker{trees: trees, funcs: newViews(t).templateFuncs("en", Options{}), seen: map[string]bool{}}
		w.report = func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
		w.walkBlock("top", reflect.TypeFor[page]())
		if len(found) != 1 || !strings.Contains(found[0], want) {
			t.Errorf("%s: got %q, want one mistake about %s", text, found, want)
		}
	}
}

// depends is the type of a builtin whose result depends on its arguments; nothing below it is checked.
type depends struct{}

// builtins are the functions html/template brings, with a value of the type each gives.
var builtins = map[string]any{
	"and": depends{}, "or": depends{}, "not": true, "len": 0, "index": depends{}, "slice": depends{}, "call": depends{},
	"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true,
	"print": "", "printf": "", "println": "", "urlquery": "", "html": "", "js": "",
}

// parseTemplates reads the templates once more, without the escaper's additions.
func parseTemplates(t *testing.T) map[string]*parse.Tree {
	t.Helper()
	all := map[string]*parse.Tree{}
	names, err := filepath.Glob("*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		trees, err := parse.Parse(name, string(text), "", "", newViews(t).templateFuncs("en", Options{}), builtins)
		if err != nil {
			t.Fatal(err)
		}
		for block, tree := range trees {
			if all[block] != nil {
				t.Errorf("the block %s is defined twice", block)
			}
			all[block] = tree
		}
	}
	return all
}

// walker follows the types through the trees. A nil type is "not known": nothing below it is checked.
type walker struct {
	t      *testing.T
	report func(format string, args ...any)
	trees  map[string]*parse.Tree
	funcs  template.FuncMap
	seen   map[string]bool // block and type already walked
	name   string          // of the block being walked
	vars   map[string]reflect.Type
}

func (w *walker) errorf(format string, args ...any) {
	if w.report != nil {
		w.report(format, args...)
		return
	}
	w.t.Errorf(format, args...)
}

func (w *walker) hasReached(block string) bool { return w.seen[block] }

func (w *walker) walkBlock(name string, dot reflect.Type) {
	tree := w.trees[name]
	if tree == nil {
		w.errorf("%s: there is no block %s", w.name, name)
		return
	}
	w.seen[name] = true
	key := fmt.Sprintf("%s %v", name, dot)
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	outerName, outerVars := w.name, w.vars
	w.name, w.vars = name, map[string]reflect.Type{"$": dot}
	w.walkList(tree.Root, dot)
	w.name, w.vars = outerName, outerVars
}

func (w *walker) walkList(l *parse.ListNode, dot reflect.Type) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		w.walkNode(n, dot)
	}
}

func (w *walker) walkNode(n parse.Node, dot reflect.Type) {
	switch n := n.(type) {
	case *parse.ActionNode:
		w.walkPipe(n.Pipe, dot)
	case *parse.IfNode:
		w.walkPipe(n.Pipe, dot)
		w.walkList(n.List, dot)
		w.walkList(n.ElseList, dot)
	case *parse.WithNode:
		w.walkList(n.List, w.walkPipe(n.Pipe, dot))
		w.walkList(n.ElseList, dot)
	case *parse.RangeNode:
		w.walkRange(n, dot)
	case *parse.TemplateNode:
		w.walkCall(n, dot)
	}
}

func (w *walker) walkCall(n *parse.TemplateNode, dot reflect.Type) {
	var argument reflect.Type = reflect.TypeFor[struct{}]() // no argument: no fields
	if n.Pipe != nil {
		argument = w.walkPipe(n.Pipe, dot)
	}
	w.walkBlock(n.Name, argument)
}

func (w *walker) walkRange(n *parse.RangeNode, dot reflect.Type) {
	over := w.walkPipe(n.Pipe, dot)
	index, element := elementTypes(over)
	if over != nil && element == nil {
		w.errorf("%s: cannot range over %v in %s", w.name, over, n.Pipe)
	}
	if decl := n.Pipe.Decl; len(decl) == 1 {
		w.vars[decl[0].Ident[0]] = element
	} else if len(decl) == 2 {
		w.vars[decl[0].Ident[0]], w.vars[decl[1].Ident[0]] = index, element
	}
	w.walkList(n.List, element)
	w.walkList(n.ElseList, dot)
}

func elementTypes(t reflect.Type) (index, element reflect.Type) {
	if t == nil {
		return nil, nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return reflect.TypeFor[int](), knownType(t.Elem())
	case reflect.Map:
		return t.Key(), knownType(t.Elem())
	case reflect.Int:
		return t, t
	}
	return nil, nil
}

func knownType(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() == reflect.Interface || t == reflect.TypeFor[depends]() {
		return nil
	}
	return t
}

func (w *walker) walkPipe(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	var result reflect.Type
	for _, c := range p.Cmds {
		result = w.walkCommand(c, dot)
	}
	for _, v := range p.Decl {
		w.vars[v.Ident[0]] = result
	}
	return result
}

func (w *walker) walkCommand(c *parse.CommandNode, dot reflect.Type) reflect.Type {
	for _, a := range c.Args[1:] {
		w.argumentType(a, dot)
	}
	return w.commandType(c, dot)
}

// commandType is the type of a whole command, whose first word may be a function with arguments.
func (w *walker) commandType(c *parse.CommandNode, dot reflect.Type) reflect.Type {
	name, ok := c.Args[0].(*parse.IdentifierNode)
	if !ok {
		return w.argumentType(c.Args[0], dot)
	}
	if name.Ident == "index" && len(c.Args) > 1 {
		t := w.argumentType(c.Args[1], dot)
		for range c.Args[2:] {
			_, t = elementTypes(t)
		}
		return t
	}
	if f, ok := w.funcs[name.Ident]; ok {
		return knownType(reflect.TypeOf(f).Out(0))
	}
	return knownType(reflect.TypeOf(builtins[name.Ident]))
}

func (w *walker) argumentType(n parse.Node, dot reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.fieldType(dot, n.Ident, n)
	case *parse.VariableNode:
		return w.fieldType(w.vars[n.Ident[0]], n.Ident[1:], n)
	case *parse.ChainNode:
		return w.fieldType(w.argumentType(n.Node, dot), n.Field, n)
	case *parse.PipeNode:
		return w.walkPipe(n, dot)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	case *parse.NumberNode:
		return reflect.TypeFor[int]()
	case *parse.BoolNode:
		return reflect.TypeFor[bool]()
	}
	return nil
}

func (w *walker) fieldType(t reflect.Type, names []string, n parse.Node) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		next, ok := memberType(t, name)
		if !ok {
			w.errorf("%s: %s: %v has no %s", w.name, n, t, name)
			return nil
		}
		t = knownType(next)
	}
	return t
}

// memberType is the type of a field, or of what a method without arguments gives. A method of the pointer alone does
// not count for a value, because most values given to a template cannot be addressed.
func memberType(t reflect.Type, name string) (reflect.Type, bool) {
	if m, ok := t.MethodByName(name); ok && m.Type.NumOut() > 0 {
		return m.Type.Out(0), true
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		return f.Type, ok
	case reflect.Map:
		return t.Elem(), true
	}
	return nil, false
}
