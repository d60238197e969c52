package arch_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/packages"
)

// moduleRoot is the folder of go.mod, seen from this package.
const moduleRoot = "../.."

// room is one package of the program with everything the gauge looks at.
type room struct {
	folder  string // relative to the module; "." is the root
	files   []roomFile
	fset    *token.FileSet
	types   *types.Package
	info    *types.Info
	imports []string // folders of ours that its program files import
}

// roomFile is one program file. A file of another system is counted line by
// line and has no syntax, because only files of this system are type-checked.
type roomFile struct {
	name   string // base name
	text   []byte
	syntax *ast.File
}

// loadHouse type-checks every package of the module once for all tests.
var loadHouse = sync.OnceValues(func() ([]room, error) {
	mode := packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes |
		packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile | packages.NeedModule
	loaded, err := packages.Load(&packages.Config{Dir: moduleRoot, Mode: mode}, "./...")
	if err != nil {
		return nil, err
	}
	var house []room
	for _, pkg := range loaded {
		if len(pkg.GoFiles) == 0 { // tests only
			continue
		}
		found, err := newRoom(pkg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pkg.PkgPath, err)
		}
		house = append(house, found)
	}
	slices.SortFunc(house, func(a, b room) int { return cmp.Compare(a.folder, b.folder) })
	return house, nil
})

func newRoom(pkg *packages.Package) (room, error) {
	for _, fault := range pkg.Errors {
		return room{}, fault
	}
	if pkg.Module == nil {
		return room{}, errors.New("is in no module")
	}
	result := room{fset: pkg.Fset, types: pkg.Types, info: pkg.TypesInfo}
	result.folder = folderInModule(pkg.PkgPath, pkg.Module.Path)
	syntax := map[string]*ast.File{}
	for _, file := range pkg.Syntax {
		syntax[pkg.Fset.Position(file.FileStart).Filename] = file
	}
	for _, name := range slices.Concat(pkg.GoFiles, pkg.IgnoredFiles) {
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return room{}, err
		}
		result.files = append(result.files, roomFile{filepath.Base(name), text, syntax[name]})
	}
	for imported := range pkg.Imports {
		if folder := folderInModule(imported, pkg.Module.Path); folder != "" {
			result.imports = append(result.imports, folder)
		}
	}
	slices.Sort(result.imports)
	return result, nil
}

// folderInModule is "" for a path of another module.
func folderInModule(pkgPath, modulePath string) string {
	if pkgPath == modulePath {
		return "."
	}
	folder, ours := strings.CutPrefix(pkgPath, modulePath+"/")
	if !ours {
		return ""
	}
	return folder
}

// figures is what was measured in one package.
type figures struct {
	folder string
	lines  int
	files  int

	circle []string // the files of the largest circle; nil when there is none

	receivers []counted // methods per receiver type, most first
	handlers  []counted // lines per function that takes an echo.Context, most first

	functions      int      // unexported functions but for standardNames
	oneWord        []string // those of them with a name of one word
	methods        int      // unexported methods
	oneWordMethods int      // those of them with a name of one word

	participles         []string // unexported functions and methods that are named by a participle or an adjective
	exportedParticiples []string // exported ones

	tooWide  []string // lines over lineColumns, as file:line; texts that cannot be broken do not count
	misfiled []string // types that are declared in a file not their own
}

// counted is a name with a number.
type counted struct {
	name  string
	count int
}

func measure(r room) figures {
	result := figures{
		folder:    r.folder,
		files:     len(r.files),
		circle:    r.largestCircle(),
		receivers: r.countMethods(),
		handlers:  r.handlerLengths(),
		misfiled:  r.findMisfiledTypes(),
	}
	for _, file := range r.files {
		result.lines += bytes.Count(file.text, []byte("\n"))
		texts := file.textColumns(r.fset)
		for number, line := range strings.Split(string(file.text), "\n") {
			if columns(line)-texts[number+1] > lineColumns {
				result.tooWide = append(result.tooWide, fmt.Sprintf("%s:%d", file.name, number+1))
			}
		}
	}
	for _, function := range r.declaredFunctions() {
		r.measureName(function, &result)
	}
	return result
}

// textColumns gives, by line, the columns of the longest text on it: sentences, patterns and addresses are as long as they
// are. Of a text over several lines each line counts whole.
func (f roomFile) textColumns(fset *token.FileSet) map[int]int {
	found := map[int]int{}
	if f.syntax == nil {
		return found
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		text, ok := n.(*ast.BasicLit)
		if !ok || text.Kind != token.STRING {
			return true
		}
		first := fset.Position(text.Pos()).Line
		for i, part := range strings.Split(text.Value, "\n") {
			found[first+i] = max(found[first+i], columns(part))
		}
		return true
	})
	return found
}

func (r room) measureName(function *ast.FuncDecl, result *figures) {
	name := function.Name.Name
	switch {
	case slices.Contains(standardNames, name):
		return
	case ast.IsExported(name):
		if isParticiple(name) {
			result.exportedParticiples = append(result.exportedParticiples, r.describe(function))
		}
		return
	case isParticiple(name):
		result.participles = append(result.participles, r.describe(function))
	}
	switch {
	case function.Recv == nil && isOneWord(name):
		result.functions++
		result.oneWord = append(result.oneWord, name)
	case function.Recv == nil:
		result.functions++
	case isOneWord(name):
		result.methods++
		result.oneWordMethods++
	default:
		result.methods++
	}
}

// columns is the width of a line where a tab takes four.
func columns(line string) int {
	return utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
}

func (r room) declaredFunctions() []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, file := range r.files {
		if file.syntax == nil {
			continue
		}
		for _, declaration := range file.syntax.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				all = append(all, function)
			}
		}
	}
	return all
}

// describe names a function with its receiver and its file.
func (r room) describe(function *ast.FuncDecl) string {
	name := function.Name.Name
	if receiver := receiverName(function); receiver != "" {
		name = receiver + "." + name
	}
	return name + " (" + r.fileOf(function.Pos()) + ")"
}

func (r room) fileOf(pos token.Pos) string {
	return filepath.Base(r.fset.Position(pos).Filename)
}

func receiverName(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	kind := function.Recv.List[0].Type
	for {
		switch inner := kind.(type) {
		case *ast.StarExpr:
			kind = inner.X
		case *ast.ParenExpr:
			kind = inner.X
		case *ast.IndexExpr:
			kind = inner.X
		case *ast.IndexListExpr:
			kind = inner.X
		case *ast.Ident:
			return inner.Name
		default:
			return ""
		}
	}
}

func (r room) countMethods() []counted {
	counts := map[string]int{}
	for _, function := range r.declaredFunctions() {
		if receiver := receiverName(function); receiver != "" {
			counts[receiver]++
		}
	}
	return mostFirst(counts)
}

func mostFirst(counts map[string]int) []counted {
	var all []counted
	for name, count := range counts {
		all = append(all, counted{name, count})
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name))
	})
	return all
}

// handlerLengths counts the lines of everything that answers a request: named
// functions and closures that take an echo.Context. A closure inside such a
// function is part of it.
func (r room) handlerLengths() []counted {
	if r.folder != "handlers" && !strings.HasPrefix(r.folder, "handlers/") {
		return nil
	}
	lengths := map[string]int{}
	for _, file := range r.files {
		if file.syntax == nil {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			var kind *ast.FuncType
			name := ""
			switch function := node.(type) {
			case *ast.FuncDecl:
				kind, name = function.Type, r.describe(function)
			case *ast.FuncLit:
				kind = function.Type
				name = fmt.Sprintf("closure (%s:%d)", file.name, r.fset.Position(function.Pos()).Line)
			}
			if kind == nil || !r.takesContext(kind) {
				return true
			}
			lengths[name] = r.fset.Position(node.End()).Line - r.fset.Position(node.Pos()).Line + 1
			return false
		})
	}
	return mostFirst(lengths)
}

func (r room) takesContext(kind *ast.FuncType) bool {
	return slices.ContainsFunc(kind.Params.List, func(parameter *ast.Field) bool {
		named, ok := types.Unalias(r.info.TypeOf(parameter.Type)).(*types.Named)
		if !ok || named.Obj().Pkg() == nil {
			return false
		}
		pkgPath := named.Obj().Pkg().Path()
		return named.Obj().Name() == "Context" && strings.HasPrefix(pkgPath, "github.com/labstack/echo/")
	})
}

// largestCircle finds the largest set of files that use each other round and
// round. A file uses another when it names something that the other declares
// at package level, or a method; fields of structs are not counted.
func (r room) largestCircle() []string {
	uses := map[string]map[string]bool{}
	for _, file := range r.files {
		uses[file.name] = map[string]bool{}
	}
	for name, object := range r.info.Uses {
		if object.Pkg() != r.types || !isShared(object) {
			continue
		}
		from, to := r.fileOf(name.Pos()), r.fileOf(object.Pos())
		if from != to {
			uses[from][to] = true
		}
	}
	var largest []string
	for _, circle := range circles(uses) {
		if len(circle) > len(largest) {
			largest = circle
		}
	}
	return largest
}

// isShared reports whether an object is declared at package level or is a method.
func isShared(object types.Object) bool {
	if function, ok := object.(*types.Func); ok && function.Signature().Recv() != nil {
		return true
	}
	return object.Parent() == object.Pkg().Scope()
}

// circles lists the sets of two or more nodes that reach each other (Tarjan's
// strongly connected components).
func circles(arrows map[string]map[string]bool) [][]string {
	search := circleSearch{arrows: arrows, number: map[string]int{}, low: map[string]int{}, onStack: map[string]bool{}}
	for _, node := range sortedKeys(arrows) {
		if search.number[node] == 0 {
			search.visit(node)
		}
	}
	return search.found
}

type circleSearch struct {
	arrows  map[string]map[string]bool
	number  map[string]int // order of the first visit, from 1
	low     map[string]int // the earliest node that can be reached
	stack   []string
	onStack map[string]bool
	found   [][]string
}

func (s *circleSearch) visit(node string) {
	s.number[node] = len(s.number) + 1
	s.low[node] = s.number[node]
	s.stack = append(s.stack, node)
	s.onStack[node] = true
	for _, next := range sortedKeys(s.arrows[node]) {
		if s.number[next] == 0 {
			s.visit(next)
			s.low[node] = min(s.low[node], s.low[next])
		} else if s.onStack[next] {
			s.low[node] = min(s.low[node], s.number[next])
		}
	}
	if s.low[node] != s.number[node] {
		return
	}
	start := slices.Index(s.stack, node)
	circle := slices.Clone(s.stack[start:])
	s.stack = s.stack[:start]
	for _, member := range circle {
		s.onStack[member] = false
	}
	if len(circle) > 1 {
		slices.Sort(circle)
		s.found = append(s.found, circle)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// folderCircles describes folders that import each other round and round, at
// every level of the tree. At the top level the folders are domain, handlers
// and so on, each with everything below it; further down they are the folders
// side by side in one folder, together with the package of that folder itself.
func folderCircles(house []room) []string {
	levels := map[string]map[string]map[string]bool{} // parent folder → who → whom
	for _, from := range house {
		for _, to := range from.imports {
			parent, a, b := siblings(from.folder, to)
			if levels[parent] == nil {
				levels[parent] = map[string]map[string]bool{}
			}
			if levels[parent][a] == nil {
				levels[parent][a] = map[string]bool{}
			}
			levels[parent][a][b] = true
		}
	}
	var found []string
	for _, parent := range sortedKeys(levels) {
		for _, circle := range circles(levels[parent]) {
			found = append(found, describeFolderCircle(house, circle))
		}
	}
	return found
}

// describeFolderCircle says which folders import each other, and for every two
// of them through how many imports, with the first few by name where they are
// few: those are the ones to take out.
func describeFolderCircle(house []room, circle []string) string {
	arrows := map[string][]string{}
	for _, from := range house {
		for _, to := range from.imports {
			_, a, b := siblings(from.folder, to)
			if a != b && slices.Contains(circle, a) && slices.Contains(circle, b) {
				arrows[a+" → "+b] = append(arrows[a+" → "+b], from.folder+" imports "+to)
			}
		}
	}
	text := "folders " + strings.Join(circle, ", ") + " import each other"
	for _, arrow := range sortedKeys(arrows) {
		text += fmt.Sprintf("\n\t%s: %d imports", arrow, len(arrows[arrow]))
		if len(arrows[arrow]) <= 6 {
			text += " (" + strings.Join(arrows[arrow], ", ") + ")"
		}
	}
	return text
}

// siblings names the innermost folder that holds two packages, and the two
// folders right below it in which they lie. A package that is that folder
// itself stands for itself.
func siblings(a, b string) (parent, besideA, besideB string) {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	shared := 0
	for shared < len(as) && shared < len(bs) && as[shared] == bs[shared] {
		shared++
	}
	parent = path.Join(as[:shared]...)
	return parent, path.Join(as[:min(shared+1, len(as))]...), path.Join(bs[:min(shared+1, len(bs))]...)
}

// isOneWord reports whether a name has no capital letter inside and no digit.
func isOneWord(name string) bool {
	return !strings.ContainsFunc(name[1:], func(letter rune) bool {
		return unicode.IsUpper(letter) || unicode.IsDigit(letter) || letter == '_'
	})
}
