package arch_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page is a page of documentation with what a test can hold of it.
type page struct {
	name string // path from the module's root
	text string
}

// houseFiles are the paths of all files and folders of the module, from its root.
type houseFiles map[string]bool

// A page that names a file that is gone sends its reader on a search and is not believed afterwards.
func TestDocs_PathsExist(t *testing.T) {
	files := listHouseFiles(t)
	for _, p := range readPages(t) {
		for _, span := range codeSpans(p.text) {
			for _, missing := range files.findMissing(span) {
				t.Errorf("%s: there is no %s", p.name, missing)
			}
		}
	}
}

func TestDocs_LinksLeadSomewhere(t *testing.T) {
	files := listHouseFiles(t)
	for _, p := range readPages(t) {
		for _, match := range linkForm.FindAllStringSubmatch(p.text, -1) {
			target, _, _ := strings.Cut(match[1], "#")
			if target == "" || strings.Contains(target, ":") {
				continue // a place on the page, or another site
			}
			if !files[path.Join(path.Dir(p.name), target)] {
				t.Errorf("%s: the link to %s leads nowhere", p.name, target)
			}
		}
	}
}

// What a page tells its reader to run has a folder to run in and something to run there.
func TestDocs_CommandsFindTheirFoldersAndTests(t *testing.T) {
	files := listHouseFiles(t)
	for _, p := range readPages(t) {
		for _, line := range strings.Split(p.text, "\n") {
			for _, command := range commandForm.FindAllString(line, -1) {
				for _, fault := range findCommandFaults(t, files, command) {
					t.Errorf("%s: %s: %s", p.name, command, fault)
				}
			}
		}
	}
}

// A name such as carrier.Connection.Send leads its reader to a declaration; after a change of names it would lead
// nowhere.
func TestDocs_NamesOfTheProgramExist(t *testing.T) {
	declared := declaredNames(t)
	found := 0
	for _, p := range readPages(t) {
		for _, span := range codeSpans(p.text) {
			parts := strings.Split(strings.TrimSuffix(span, "()"), ".")
			names := declared[parts[0]]
			if names == nil || !exportedForm.MatchString(span) {
				continue
			}
			found++
			for _, part := range parts[1:] {
				if !names[part] {
					t.Errorf("%s: %s: package %s declares no %s", p.name, span, parts[0], part)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no page names anything of the program: the check looks for the wrong thing")
	}
}

// docs/features.md says of each row which test shows it; a test that is not there shows nothing.
func TestDocs_TestsThatAreNamedExist(t *testing.T) {
	declared := map[string]bool{}
	for _, names := range declaredTests(t) {
		for _, name := range names {
			declared[name] = true
		}
	}
	found := 0
	for _, p := range readPages(t) {
		for _, span := range codeSpans(p.text) {
			if !testForm.MatchString(span) {
				continue
			}
			found++
			if !declared[span] {
				t.Errorf("%s: there is no test %s", p.name, span)
			}
		}
	}
	if found == 0 {
		t.Error("no page names a test: the check looks for the wrong thing")
	}
}

// Every module that go.mod asks for by itself has its reason in the README.
func TestDocs_DependenciesHaveAReason(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(houseRoot, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(houseRoot, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		match := requirementForm.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		name := strings.TrimPrefix(match[1], "github.com/")
		if !strings.Contains(string(readme), "`"+name+"`") {
			t.Errorf("go.mod requires %s, but the README gives no reason for it", match[1])
		}
	}
}

// A package comment is the map of its folder, so each file on it has to be there.
func TestDocs_PackageCommentsNameFilesThatExist(t *testing.T) {
	files := listHouseFiles(t)
	for _, source := range sources(t) {
		if source.test || !source.comment {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(houseRoot, source.name), nil,
			parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, named := range goFileForm.FindAllString(parsed.Doc.Text(), -1) {
			if !files[path.Join(source.folder, named)] && !files[named] {
				t.Errorf("%s: the package comment names %s, which is not there", source.name, named)
			}
		}
	}
}

// The checks themselves, tried on what must and must not be found.
func TestDocs_ChecksTellRightFromWrong(t *testing.T) {
	files := houseFiles{
		"main.go": true, "domain": true, "domain/store": true, "domain/store/keys.go": true,
		"views": true, "views/call.go": true, "views/call.html": true, "providers": true,
		"providers/email": true, "providers/email/testdata": true,
	}
	cases := []struct {
		span    string
		missing []string
	}{
		{"main.go", nil},
		{"domain/store/", nil},
		{"domain/store/key.go", []string{"domain/store/key.go"}},
		{"keys.go", nil},
		{"kind.go", []string{"kind.go"}},
		{"views/call.{go,html}", nil},
		{"views/call.{go,css}", []string{"views/call.css"}},
		{"providers/<vendor>/testdata", nil},
		{"providers/<vendor>/kind.go", []string{"providers/*/kind.go"}},
		{"domain/store.Tx", nil},
		{"domain/shop.Tx", []string{"domain/shop.Tx"}},
		{"labstack/echo/v4", nil},
		{"/hooks/{key}", nil},
		{"<data>/db", nil},
		{"go test ./providers/...", nil},
	}
	for _, c := range cases {
		if got := files.findMissing(c.span); !slices.Equal(got, c.missing) {
			t.Errorf("%s: got %v missing, want %v", c.span, got, c.missing)
		}
	}
	if got := codeSpans("a `b` c\n\n    indented\n```\nfence `x`\n```\n`d e`"); !slices.Equal(got, []string{"b", "d e"}) {
		t.Errorf("code spans are %q", got)
	}
}

var (
	spanForm        = regexp.MustCompile("`([^`\n]+)`")
	linkForm        = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pathForm        = regexp.MustCompile(`^[\w.*<>{},/-]+$`)
	bareFileForm    = regexp.MustCompile(`^[\w-]+\.(go|html|css|js)$`)
	commandForm     = regexp.MustCompile("go (?:test|run) [^`]*")
	folderForm      = regexp.MustCompile(`\s\./([\w/.-]*)`)
	patternForm     = regexp.MustCompile(`-(run|bench|fuzz) '?([^\s']+)'?`)
	testForm        = regexp.MustCompile(`^(Test|Benchmark|Fuzz)[A-Z]\w*$`)
	exportedForm    = regexp.MustCompile(`^\w+(\.[A-Z]\w*)+(\(\))?$`)
	goFileForm      = regexp.MustCompile(`[\w/-]+\.go\b`)
	requirementForm = regexp.MustCompile(`^\t(\S+) v\S+$`)
	declarationForm = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`)
	blankForm       = regexp.MustCompile(`<[\w-]+>`)
	choiceForm      = regexp.MustCompile(`^(.*)\{([^}]*)\}(.*)$`)
)

// readPages gives the README, the changelog and all pages right under docs.
func readPages(t *testing.T) []page {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(houseRoot, "docs", "*.md"))
	if err != nil || len(names) == 0 {
		t.Fatalf("found the pages %v under docs: %v", names, err)
	}
	pages := make([]page, 0, len(names)+2)
	for _, name := range append(names, filepath.Join(houseRoot, "README.md"), filepath.Join(houseRoot, "CHANGELOG.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		relative, err := filepath.Rel(houseRoot, name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page{name: filepath.ToSlash(relative), text: string(text)})
	}
	return pages
}

// codeSpans gives what stands between backticks; blocks of code are left out, because they show more than paths.
func codeSpans(text string) (spans []string) {
	fenced := false
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") {
			continue
		}
		for _, match := range spanForm.FindAllStringSubmatch(line, -1) {
			spans = append(spans, match[1])
		}
	}
	return spans
}

func listHouseFiles(t *testing.T) houseFiles {
	t.Helper()
	files := houseFiles{}
	err := fs.WalkDir(os.DirFS(houseRoot), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == ".git" {
			return skipEntry(entry)
		}
		files[name] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// skipEntry leaves out a folder or, in a worktree where it is one, a file.
func skipEntry(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// findMissing gives the paths of a span that look like ours and are not there. A path is ours when it begins with a
// file or folder of the root; a bare name of a source file may lie anywhere.
func (files houseFiles) findMissing(span string) (missing []string) {
	if !pathForm.MatchString(span) {
		return nil
	}
	for _, name := range spellOut(span) {
		name = strings.TrimSuffix(name, "/")
		if !files.isMeant(name) || files.hasMatch(name) {
			continue
		}
		missing = append(missing, name)
	}
	return missing
}

func (files houseFiles) isMeant(name string) bool {
	first, _, deep := strings.Cut(name, "/")
	return deep && files[first] || bareFileForm.MatchString(name)
}

// hasMatch reports whether a path is there. The last part may be a name that a package exports: domain/store.Tx.
func (files houseFiles) hasMatch(name string) bool {
	if files[name] {
		return true
	}
	folder, exported, ok := strings.Cut(path.Base(name), ".")
	if ok && exported != "" && 'A' <= exported[0] && exported[0] <= 'Z' {
		return files[path.Join(path.Dir(name), folder)]
	}
	for known := range files {
		pattern, tried := name, known
		if !strings.Contains(name, "/") {
			tried = path.Base(known)
		}
		if ok, _ := path.Match(pattern, tried); ok {
			return true
		}
	}
	return false
}

// spellOut turns a/<b>/{c,d} into a/*/c and a/*/d.
func spellOut(span string) []string {
	span = blankForm.ReplaceAllString(span, "*")
	match := choiceForm.FindStringSubmatch(span)
	if match == nil {
		return []string{span}
	}
	var names []string
	for _, choice := range strings.Split(match[2], ",") {
		names = append(names, match[1]+choice+match[3])
	}
	return names
}

// findCommandFaults says what of a command would find nothing.
func findCommandFaults(t *testing.T, files houseFiles, command string) (faults []string) {
	t.Helper()
	var folders []string
	for _, match := range folderForm.FindAllStringSubmatch(command, -1) {
		folder := strings.Trim(strings.TrimSuffix(match[1], "..."), "/")
		if folder != "" && !files[folder] {
			faults = append(faults, "there is no folder "+folder)
		}
		folders = append(folders, folder)
	}
	for _, match := range patternForm.FindAllStringSubmatch(command, -1) {
		if match[2] == "^$" {
			continue // runs no test beside a benchmark
		}
		wanted, err := regexp.Compile(match[2])
		if err != nil {
			return append(faults, err.Error())
		}
		if !isAnyTestWanted(declaredTests(t), folders, wanted) {
			faults = append(faults, fmt.Sprintf("nothing in %v is named like %s", folders, match[2]))
		}
	}
	return faults
}

func isAnyTestWanted(declared map[string][]string, folders []string, wanted *regexp.Regexp) bool {
	for _, folder := range folders {
		if slices.ContainsFunc(declared[folder], wanted.MatchString) {
			return true
		}
	}
	return false
}

// declaredNames gives what packages declare: types, functions, methods, fields and values, by the package's name.
func declaredNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	declared := map[string]map[string]bool{}
	for _, source := range sources(t) {
		if source.test {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(houseRoot, source.name), nil,
			parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if declared[parsed.Name.Name] == nil {
			declared[parsed.Name.Name] = map[string]bool{}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			for _, name := range namesDeclaredBy(n) {
				declared[parsed.Name.Name][name.Name] = true
			}
			return true
		})
	}
	return declared
}

func namesDeclaredBy(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	}
	return nil
}

// declaredTests gives the names of all tests, benchmarks and fuzz targets by folder.
func declaredTests(t *testing.T) map[string][]string {
	t.Helper()
	declared := map[string][]string{}
	for _, source := range sources(t) {
		if !source.test {
			continue
		}
		text, err := os.ReadFile(filepath.Join(houseRoot, source.name))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declarationForm.FindAllStringSubmatch(string(text), -1) {
			declared[source.folder] = append(declared[source.folder], match[1])
		}
	}
	return declared
}
