package arch_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// Every rule of the gauge, tried on small packages that must and must not pass,
// so that a slip in its reading does not quietly allow everything.
func TestGauge_RulesTellPackagesApart(t *testing.T) {
	cases := []struct {
		name   string
		folder string
		files  map[string]string
		want   []string // parts of the faults, in order; none for a good package
	}{
		{
			name: "a good package", folder: "handlers/calls",
			files: map[string]string{
				"calls.go": `
					import "github.com/labstack/echo/v4"
					type Service struct{ log *CallLog }
					func New(log *CallLog) *Service { return &Service{log} }
					func (s *Service) list(c echo.Context) error { return s.log.showPage(c) }`,
				"call_log.go": `
					import "github.com/labstack/echo/v4"
					type CallLog struct{ Entries []Entry }
					type Entry struct{ At int }
					func (l *CallLog) showPage(c echo.Context) error { return nil }`,
			},
		},
		{
			name: "lines", folder: "domain/calls",
			files: map[string]string{"calls.go": strings.Repeat("\n", 3000) + "const limit = 1"},
			want:  []string{"3001 lines, at most 3000"},
		},
		{
			name: "lines of an exception", folder: "domain/store",
			files: map[string]string{"store.go": strings.Repeat("\n", 3000) + "const limit = 1"},
		},
		{
			name: "files", folder: "domain/calls",
			files: manyFiles(26, func(i int) string { return fmt.Sprintf("const number%d = 1", i) }),
			want:  []string{"26 files, at most 25"},
		},
		{
			name: "as many files as may be", folder: "domain/calls",
			files: manyFiles(25, func(i int) string { return fmt.Sprintf("const number%d = 1", i) }),
		},
		{
			name: "methods", folder: "domain/calls",
			files: map[string]string{
				"calls.go": "type Service[T any] struct{}\n" + manyTexts(41, "func (*Service[T]) Do%d() {}"),
			},
			want: []string{"Service has 41 methods, at most 40"},
		},
		{
			name: "as many methods as may be, twice", folder: "domain/calls",
			files: map[string]string{"calls.go": "type Service struct{}\ntype Driver struct{}\n" +
				manyTexts(40, "func (Service) Do%d() {}") + manyTexts(40, "func (*Driver) Do%d() {}")},
		},
		{
			name: "circle of functions", folder: "domain/calls",
			files: manyFiles(9, func(i int) string {
				return fmt.Sprintf("func do%d() { do%d() }", i, (i+1)%9)
			}),
			want: []string{"9 files use each other round and round, at most 8"},
		},
		{
			name: "circle as large as it may be", folder: "domain/calls",
			files: manyFiles(9, func(i int) string {
				return fmt.Sprintf("func do%d() { do%d() }", i, min(i+1, 8)%8)
			}),
		},
		{
			name: "a long chain is no circle", folder: "domain/calls",
			files: manyFiles(12, func(i int) string {
				return fmt.Sprintf("func do%d() { do%d() }", i, min(i+1, 11))
			}),
		},
		{
			name: "circle of methods", folder: "domain/calls",
			files: manyFiles(9, func(i int) string {
				text := "type part%d struct{ next *part%d }\nfunc (p *part%[1]d) do() { p.next.do() }"
				return fmt.Sprintf(text, i, (i+1)%9)
			}),
			want: []string{"9 files use each other round and round"},
		},
		{
			name: "long handler", folder: "handlers/calls",
			files: map[string]string{"calls.go": `import "github.com/labstack/echo/v4"
				func showCall(c echo.Context) error {` + strings.Repeat("\n", 50) + "return nil }"},
			want: []string{"showCall (calls.go) is a handler of 51 lines, at most 50"},
		},
		{
			name: "long closure that is a handler", folder: "handlers",
			files: map[string]string{"server.go": `import "github.com/labstack/echo/v4"
				func guardAll() echo.HandlerFunc { return func(c echo.Context) error {` +
				strings.Repeat("\n", 50) + "return nil } }"},
			want: []string{"is a handler of 51 lines"},
		},
		{
			name: "long function that is no handler", folder: "handlers/calls",
			files: map[string]string{"calls.go": "func showCall() error {" + strings.Repeat("\n", 60) + "return nil }"},
		},
		{
			name: "handler elsewhere", folder: "providers/simulator",
			files: map[string]string{"simulator.go": `import "github.com/labstack/echo/v4"
				func showCall(c echo.Context) error {` + strings.Repeat("\n", 60) + "return nil }"},
		},
		{
			name: "misfiled types", folder: "domain",
			files: map[string]string{
				"job.go": "type Job struct{ Last JobResult }\ntype JobResult struct{}\n" +
					"type Draft struct{}\ntype Session struct{ Draft Draft }",
				"message.go": "type Message struct{}\ntype File struct{}",
			},
			want: []string{"3 types are declared in a file that is not their own, at most 0: " +
				"Draft (job.go), File (message.go), Session (job.go)"},
		},
		{
			name: "a file says more of the name", folder: "domain",
			files: map[string]string{
				"channel.go":       "type Channel struct{}\ntype ChannelLogin struct{}",
				"channel_login.go": "func startLogin() {}",
			},
			want: []string{"at most 0: ChannelLogin (channel.go)"},
		},
		{
			name: "a part that another noun has too", folder: "domain",
			files: map[string]string{
				"job.go":     "type Job struct{ Failure *Failure }",
				"message.go": "type Message struct{ Failures []Failure }\ntype Failure struct{}",
			},
			want: []string{"Failure (message.go)"},
		},
		{
			name: "types at home", folder: "domain/calls",
			files: map[string]string{
				"calls.go":     "type Service struct{}\ntype Line struct{}\nfunc New(...Line) *Service { return nil }",
				"webchat.go":   "type WebChatSettings struct{ Hours map[string][]Opening }\ntype Opening struct{}",
				"receive.go":   "type Receiver struct{}\ntype Place int\ntype Finder interface { Find() }",
				"companies.go": "type Company struct{}\ntype hidden struct{}",
				"transfer.go":  "type Target struct{}\nfunc (s *Service) Hand(t Target) {}",
			},
		},
		{
			name: "names of one word", folder: "domain/calls",
			files: map[string]string{
				"calls.go": strings.Repeat("\n", 1000) + "func hear() {}\nfunc place() {}\n" +
					manyTexts(10, "func doThis%d() {}"),
			},
			want: []string{"2 of 12 unexported functions have a name of one word, at most 15 %: hear, place"},
		},
		{
			name: "names of one word, few", folder: "domain/calls",
			files: map[string]string{
				"calls.go": strings.Repeat("\n", 1000) + "func hear() {}\nfunc place() {}\nfunc run() {}\n" +
					manyTexts(12, "func doThis%d() {}"),
			},
		},
		{
			name: "names of one word in a small package", folder: "domain/calls",
			files: map[string]string{"calls.go": "func hear() {}\nfunc place() {}"},
		},
		{
			name: "participles", folder: "domain/calls",
			files: map[string]string{
				"calls.go": "type Service struct{}\nfunc (Service) taken() {}\nfunc wanted() {}\nfunc whole() {}",
			},
			want: []string{
				"3 functions are named by a participle or an adjective instead of what they do: " +
					"Service.taken (calls.go), wanted (calls.go), whole (calls.go)",
			},
		},
		{
			name: "no participles", folder: "domain/calls",
			files: map[string]string{"calls.go": "func feed() {}\nfunc listen() {}\nfunc wantedBy() {}\nfunc New() {}"},
		},
		{
			name: "wide line", folder: "domain/calls",
			files: map[string]string{"calls.go": "const limit = 1 // one\n\t// " + strings.Repeat("é", 124) + "\n"},
			want:  []string{"1 lines are wider than 130 columns: calls.go:3"},
		},
		{
			name: "a text that cannot be broken", folder: "domain/calls",
			files: map[string]string{"calls.go": "const sentence = \"" + strings.Repeat("é", 200) + "\"\n"},
		},
		{
			name: "wide line with a text", folder: "domain/calls",
			files: map[string]string{"calls.go": "const sentence = \"" + strings.Repeat("é", 200) + "\" // " + strings.Repeat("e", 120) + "\n"},
			want:  []string{"1 lines are wider than 130 columns: calls.go:2"},
		},
		{
			name: "line as wide as may be", folder: "domain/calls",
			files: map[string]string{"calls.go": "const limit = 1 // one\n\t// " + strings.Repeat("é", 123) + "\n"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := faults(measure(synthetic(t, c.folder, c.files)), limitOf(c.folder))
			if len(got) != len(c.want) {
				t.Fatalf("got %d faults %q, want %d like %q", len(got), got, len(c.want), c.want)
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q in it", got[i], want)
				}
			}
		})
	}
}

func TestGauge_FolderRuleTellsTreesApart(t *testing.T) {
	cases := []struct {
		name    string
		imports map[string][]string
		want    string // the folders of the circle; "" for none
	}{
		{"down only", map[string][]string{
			".": {"handlers"}, "handlers": {"domain/desk"}, "providers/twilio": {"domain/carrier"},
			"domain/desk": {"domain/carrier", "domain"}, "domain/carrier": {"domain"},
		}, ""},
		{"back at the top", map[string][]string{
			"providers/twilio": {"domain/carrier"}, "domain/demo": {"providers/simulator"},
		}, "domain, providers"},
		{"back over a third", map[string][]string{
			"handlers": {"domain"}, "domain/demo": {"internal/tools"}, "internal/journey": {"handlers"},
		}, "domain, handlers, internal"},
		{"back further down", map[string][]string{
			"domain/desk/thread": {"domain/store"}, "domain/store/kv": {"domain/desk/files"},
		}, "domain/desk, domain/store"},
		{"back to the folder above", map[string][]string{
			"handlers": {"handlers/web"}, "handlers/web/gate": {"handlers"},
		}, "handlers, handlers/web"},
		{"children of one folder", map[string][]string{
			"domain/desk": {"domain/desk/calls", "domain/desk/thread"}, "domain/desk/calls": {"domain/desk/thread"},
		}, ""},
	}
	for _, c := range cases {
		var house []room
		for _, folder := range sortedKeys(c.imports) {
			house = append(house, room{folder: folder, imports: c.imports[folder]})
		}
		got := folderCircles(house)
		good := len(got) == 0
		if c.want != "" {
			good = len(got) == 1 && strings.HasPrefix(got[0], "folders "+c.want+" import")
		}
		if !good {
			t.Errorf("%s: got %q, want a circle of %q", c.name, got, c.want)
		}
	}
}

func TestGauge_WordsOfNames(t *testing.T) {
	for name, want := range map[string][]string{
		"HTTPServer":      {"http", "server"},
		"WebChatSettings": {"web", "chat", "settings"},
		"OAuth":           {"o", "auth"},
		"parser":          {"parser"},
	} {
		if got := splitWords(name); !slices.Equal(got, want) {
			t.Errorf("splitWords(%q): got %q, want %q", name, got, want)
		}
	}
	for _, c := range []struct {
		file, name string
		want       int
	}{
		{"companies", "CompanyRow", 1}, {"channel_login", "ChannelLogin", 2}, {"login", "ChannelLogin", 1},
		{"oauth", "OAuth", 1}, {"receive", "Receiver", 1}, {"calculate", "Calculator", 1},
		{"status", "StatusChange", 1},
		{"job", "Draft", 0}, {"message", "Message", 1}, {"matches", "Match", 1}, {"boxes", "Box", 1},
	} {
		if got := sharedWords(c.file, c.name); got != c.want {
			t.Errorf("sharedWords(%q, %q): got %d, want %d", c.file, c.name, got, c.want)
		}
	}
}

// synthetic type-checks a package from source text. Its files may import echo,
// of which there is only what a handler names.
func synthetic(t *testing.T, folder string, files map[string]string) room {
	t.Helper()
	fset := token.NewFileSet()
	name := folder[strings.LastIndex(folder, "/")+1:]
	result := room{folder: folder, fset: fset, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}}
	var parsed []*ast.File
	for _, base := range sortedKeys(files) {
		text := "package " + name + "\n" + files[base]
		file, err := parser.ParseFile(fset, base, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
		result.files = append(result.files, roomFile{base, []byte(text), file})
	}
	var err error
	result.types, err = (&types.Config{Importer: echoOnly{}}).Check("synthetic/"+folder, fset, parsed, result.info)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// echoOnly imports a pretend echo.
type echoOnly struct{}

func (echoOnly) Import(path string) (*types.Package, error) {
	fset := token.NewFileSet()
	text := "package echo\ntype Context interface{ Path() string }\ntype HandlerFunc func(Context) error"
	file, err := parser.ParseFile(fset, "echo.go", text, 0)
	if err != nil {
		return nil, err
	}
	return (&types.Config{}).Check(path, fset, []*ast.File{file}, nil)
}

func manyFiles(count int, text func(int) string) map[string]string {
	files := map[string]string{}
	for i := range count {
		files[fmt.Sprintf("file%02d.go", i)] = text(i)
	}
	return files
}

func manyTexts(count int, format string) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, format+"\n", i)
	}
	return text.String()
}
