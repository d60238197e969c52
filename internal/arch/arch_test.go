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
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the prefix of our own import paths.
const module = "pult"

// houseRoot is the module's folder as seen from here: a test runs in the folder of its package.
var houseRoot = filepath.Join("..", "..")

// floor says what one package may import of ours, and why no more. Folders are
// relative to the module; "." is the program itself, and a pattern "x/*"
// stands for every package right under x that has no row of its own.
type floor struct {
	folder string
	may    []string // folders or patterns; "..." is everything that is not testOnly, "x/*" every folder right under x
	why    string
}

// floors is the house, lowest floor first: arrows only go down.
var floors = []floor{
	{"domain", nil, "nouns and rules know nothing of storage, pages or vendors"},
	{"i18n", nil, "words know nothing of the product that says them"},
	{"static", nil, "files to serve, no behaviour"},

	{"domain/background", nil, "how workers begin and end has nothing to do with what they do"},
	{"domain/mailhtml", nil, "what makes a stranger's HTML harmless is read alone, by everyone who doubts it"},
	{"domain/search", []string{"domain"}, "terms and plans are pure; the store does the reading"},
	{"domain/routing", []string{"domain"}, "who gets a conversation is a pure decision on facts handed in"},
	{"domain/realtime", []string{"domain"}, "the hub moves events and asks a function for permission; it reads nothing itself"},
	{"domain/carrier", []string{"domain"}, "the contract must not know the vendors that fulfil it, nor the desk that calls it"},

	{"domain/store/kv", nil, "another engine must be able to stand in: the contract is the standard library only"},
	{"domain/store/kv/kvtest", []string{"domain/store/kv"}, "the suite judges any engine, so it knows none"},
	{"domain/store/kv/badgerkv", []string{"domain/store/kv"}, "an engine stores bytes and knows no nouns"},
	{"domain/store/heads", nil, "where queues begin is remembered without knowing what is in them"},
	{
		"domain/store",
		[]string{"domain", "domain/background", "domain/search", "domain/store/heads", "domain/store/kv"},
		"storage serves the use cases; the engine is opened by the wiring and handed in",
	},

	{"domain/auth", []string{"domain", "domain/background", "domain/search", "domain/store"},
		"sign-in must stay readable alone; sessions end in the background, and accents do not make a password another one"},
	{"domain/jobs", []string{"domain", "domain/background", "domain/store"}, "jobs are run here and defined in desk, which hands them in"},
	{"domain/desk/connections", []string{"domain", "domain/background", "domain/carrier", "domain/jobs", "domain/store"},
		"who may use a channel and how it does is asked by everybody, so it asks nobody"},
	{"domain/desk/thread", []string{"domain", "domain/carrier", "domain/desk/connections", "domain/store"},
		"the only writer of messages knows none of those who let it write; what follows from a message is registered with it"},
	{
		"domain/desk/files",
		[]string{"domain", "domain/auth", "domain/carrier", "domain/desk/connections", "domain/desk/thread", "domain/jobs", "domain/store"},
		"files travel with messages that others compose",
	},
	{"domain/desk/letters", []string{"domain", "domain/carrier", "domain/desk/thread", "domain/mailhtml", "domain/store"},
		"what letters have that chats have not serves those who take them in and those who send them"},
	{
		"domain/desk/*",
		[]string{
			"domain",
			"domain/auth",
			"domain/background",
			"domain/carrier",
			"domain/jobs",
			"domain/mailhtml",
			"domain/realtime",
			"domain/routing",
			"domain/search",
			"domain/store",
			"domain/desk/connections",
			"domain/desk/thread",
			"domain/desk/files",
			"domain/desk/letters",
		},
		"capabilities beside each other never import each other: what must follow is a reaction, what must be asked is an interface of the asker",
	},
	{
		"domain/desk",
		[]string{
			"domain",
			"domain/background",
			"domain/carrier",
			"domain/jobs",
			"domain/realtime",
			"domain/store",
			"domain/desk/connections",
			"domain/desk/thread",
			"domain/desk/files",
			"domain/desk/letters",
			"domain/desk/outbound",
			"domain/desk/inbound",
			"domain/desk/chats",
			"domain/desk/requests",
			"domain/desk/channels",
			"domain/desk/calls",
			"domain/desk/webchat",
			"domain/desk/people",
		},
		"the assembly knows every capability and does nothing else but begin them when there is room",
	},

	{"providers/wire", []string{"domain", "domain/carrier"}, "what drivers speak HTTP and read JSON with is no driver and knows none"},
	{"providers/drivertest", []string{"domain", "domain/carrier"}, "the suite judges any vendor, so it knows none"},
	{
		"providers/drivertest/standin",
		[]string{"domain", "domain/carrier", "providers/drivertest", "providers/simulator", "providers/simulator/world"},
		"half a harness for any simulated vendor knows no driver",
	},
	{"providers/simulator/world", []string{"domain"}, "customers and what they say must not know who carries it"},
	{
		"providers/simulator/cloudapi",
		[]string{"domain", "providers/simulator/world"},
		"what WhatsApp's own words are knows none of the vendors that pass them on",
	},
	{"providers/simulator/graph", []string{"domain", "providers/simulator/world", "providers/simulator/cloudapi"},
		"a pretend vendor is written from the vendor's documentation, never from a driver of ours nor another vendor"},
	{"providers/simulator/messenger", []string{"domain", "providers/simulator/world", "providers/simulator/graph"},
		"a pretend vendor like the others, of a product that is called over Meta's Graph API"},
	{"providers/simulator/twilio", []string{"domain", "providers/simulator/world", "providers/simulator/cloudapi"},
		"a pretend vendor like the others, that carries WhatsApp among other things"},
	{"providers/simulator/engagelab", []string{"domain", "providers/simulator/world", "providers/simulator/cloudapi"},
		"a pretend vendor like the others, that passes WhatsApp's own words on"},
	{"providers/simulator/phone", []string{"domain", "providers/simulator/world", "providers/simulator/mail", "i18n", "static"},
		"the telephone is a page of its own: it must see what customers see, never what the desk knows"},
	{
		"providers/simulator/*",
		[]string{"domain", "providers/simulator/world"},
		"pretend vendors speak over the network, never by a shared driver",
	},
	{"providers/simulator", []string{"domain", "providers/simulator/world", "providers/simulator/cloudapi", "providers/simulator/graph",
		"providers/simulator/messenger", "providers/simulator/twilio", "providers/simulator/engagelab", "providers/simulator/shop"},
		"the assembly knows all pretend vendors and no driver"},
	{
		"providers/graph",
		[]string{"domain", "domain/carrier", "providers/wire"},
		"what Meta's products have in common is no driver and knows none of them",
	},
	{
		"providers/cloudapi",
		[]string{"domain", "domain/carrier", "providers/wire"},
		"what WhatsApp's own words are is no driver and knows none of the vendors that pass them on",
	},
	{
		"providers/whatsapp",
		[]string{"domain", "domain/carrier", "providers/wire", "providers/graph", "providers/cloudapi"},
		"a driver like the others, of a product that is called over Meta's Graph API in WhatsApp's own words",
	},
	{
		"providers/engagelab",
		[]string{"domain", "domain/carrier", "providers/wire", "providers/cloudapi"},
		"a driver like the others, of a vendor that passes WhatsApp's own words on",
	},
	{
		"providers/messenger",
		[]string{"domain", "domain/carrier", "providers/wire", "providers/graph"},
		"a driver like the others, of a product that is called over Meta's Graph API",
	},
	{"providers/email/mime", []string{"domain", "domain/mailhtml"}, "letters are taken apart without a server, a desk or a driver"},
	{
		"providers/email",
		[]string{"domain", "domain/mailhtml", "domain/carrier", "providers/wire", "providers/email/mime"},
		"a driver like the others, that has to read text out of HTML",
	},
	{
		"providers/*",
		[]string{"domain", "domain/carrier", "providers/wire"},
		"a driver translates and states facts; it knows neither the desk nor another vendor",
	},

	{"views", []string{"domain", "i18n", "static", "views/kept"}, "a view draws what it is given and fetches nothing"},
	{"views/kept", nil, "what was drawn is kept by what it shows, whatever that is"},
	{"handlers/present", []string{"domain", "domain/carrier", "domain/desk/*", "domain/realtime", "views", "i18n"},
		"what a page shows is made of values that are there: no request, no question to the desk"},
	{"handlers/web", []string{"domain", "domain/desk/*", "domain/auth", "domain/realtime", "handlers/present", "views", "static", "i18n"},
		"what every handler stands on knows none of them"},
	{
		"handlers/*",
		[]string{"domain", "domain/desk/*", "domain/carrier", "domain/auth", "domain/realtime", "handlers/web", "handlers/present",
			"views", "static", "i18n"},
		"a handler takes the services it needs, never the assembly, and rooms beside each other share nothing but web and present; storage and jobs are behind the desk",
	},
	{
		"handlers",
		[]string{
			"domain",
			"domain/desk",
			"domain/desk/*",
			"domain/carrier",
			"domain/auth",
			"domain/realtime",
			"handlers/web",
			"handlers/present",
			"handlers/account",
			"handlers/calls",
			"handlers/hooks",
			"handlers/inbox",
			"handlers/live",
			"handlers/requests",
			"handlers/settings",
			"handlers/widget",
			"views",
			"static",
			"i18n",
		},
		"the server puts the rooms together and lists their routes; storage, jobs and vendors are behind the desk",
	},

	{"internal/demo/talks", []string{"domain", "providers/simulator/world"},
		"scripts are data: how they are stored and told to the vendors is none of their business"},
	{"internal/demo", []string{"domain", "domain/desk", "domain/desk/*", "domain/store", "domain/carrier", "internal/demo/talks",
		"providers/simulator", "providers/simulator/mail", "providers/simulator/messenger", "providers/simulator/world"},
		"sample data is stored below the use cases, which live in the present, and told to the simulated vendors"},
	{"internal/desktest", []string{"..."}, "a desk for tests is made of the real parts; which vendors it pretends it decides itself"},

	{"internal/webtest", []string{"...", "internal/desktest"}, "a web server for tests stands on the desk for tests"},

	{"docs", nil, "pages to read, no behaviour"},
	{"internal/config", []string{"domain"}, "what pult.ini says is known before any part exists"},
	{"internal/app", []string{"..."}, "the wiring knows every part; test aids do not belong in the program"},
	{".", []string{"internal/app"}, "what the program does must be within reach of tests: the command only starts it"},

	{"internal/arch", nil, "the tests of the house read its files and need none of its parts"},
	{"internal/journey", []string{"..."}, "whole programs and real desks are tested here"},
	{"internal/tools/*", []string{"...", "internal/desktest", "providers/drivertest", "domain/store/kv/kvtest"}, ""},
}

// testOnly is never part of the program, whatever "..." allows.
var testOnly = []string{
	"internal/desktest",
	"internal/webtest",
	"providers/drivertest",
	"providers/drivertest/standin",
	"domain/store/kv/kvtest",
}

// testsMayAlso is what test files may import besides their package's own row: what it takes to set a small real desk
// up.
var testsMayAlso = slices.Concat(
	[]string{"domain/carrier", "domain/store", "domain/store/kv/badgerkv", "domain/realtime"},
	simulated,
	testOnly,
)

// simulated is what tests drive pretend vendors with.
var simulated = []string{
	"providers/simulator", "providers/simulator/world", "providers/simulator/mail", "providers/simulator/shop",
	"providers/simulator/graph", "providers/simulator/messenger", "providers/simulator/twilio", "providers/simulator/engagelab",
}

// onlyIn keeps a foreign module behind the one package that wraps it.
var onlyIn = []struct{ module, folder, why string }{
	{"github.com/dgraph-io/badger", "domain/store/kv/badgerkv", "the engine stays replaceable only while one package knows it"},
}

// standardOnly lists packages whose program files import nothing but Go's own
// library.
var standardOnly = []string{"domain/store/kv"}

func TestArch_ImportsGoDown(t *testing.T) {
	for _, file := range sources(t) {
		if _, known := floorOf(file.folder); !known {
			t.Errorf("%s: package %s has no row in floors; say there what it may import", file.name, file.folder)
			continue
		}
		for _, imported := range file.imports {
			if fault := forbidden(file.folder, imported, file.test); fault != "" {
				t.Errorf("%s: %s", file.name, fault)
			}
		}
	}
}

func TestArch_EveryPackageHasAComment(t *testing.T) {
	commented := map[string]bool{}
	for _, file := range sources(t) {
		if !file.test {
			commented[file.folder] = commented[file.folder] || file.comment
		}
	}
	for folder, ok := range commented {
		if !ok {
			t.Errorf(
				"%s: no file has a package comment; begin one with \"Package <its name> …\", or \"Command <its name> …\" in a program",
				folder,
			)
		}
	}
}

// What "works" means is one suite: a driver that does not run it proves nothing.
func TestArch_EveryDriverRunsTheSuite(t *testing.T) {
	drivers, proven := map[string]bool{}, map[string]bool{}
	for _, file := range sources(t) {
		text, err := os.ReadFile(filepath.Join(houseRoot, file.name))
		if err != nil {
			t.Fatal(err)
		}
		if path.Dir(file.folder) == "providers" && !file.test && strings.Contains(string(text), "_ carrier.Driver") {
			drivers[file.folder] = true
		}
		if file.test && strings.Contains(string(text), "drivertest.Run(") {
			proven[file.folder] = true
		}
	}
	if len(drivers) == 0 {
		t.Error("no driver was found: the check looks for the wrong thing")
	}
	for folder := range drivers {
		if !proven[folder] {
			t.Errorf("%s: has a driver that is not run through drivertest", folder)
		}
	}
}

// The rules themselves, tried on edges that must and must not pass, so that a
// slip in the table or in its reading does not quietly allow everything.
func TestArch_RulesTellEdgesApart(t *testing.T) {
	cases := []struct {
		from, imported string
		test, allowed  bool
	}{
		{"domain", "time", false, true},
		{"domain", "pult/domain/store", false, false},
		{"domain/store", "pult/domain", false, true},
		{"domain/store", "pult/domain/store/kv/badgerkv", false, false},
		{"domain/store", "pult/domain/store/kv/badgerkv", true, true},
		{"domain/store", "github.com/dgraph-io/badger/v4", true, false},
		{"domain/store/kv/badgerkv", "github.com/dgraph-io/badger/v4/options", false, true},
		{"domain/store/kv", "github.com/fxamacker/cbor/v2", false, false},
		{"domain/store/kv", "go.uber.org/goleak", true, true},
		{"domain/desk", "pult/domain/carrier", false, true},
		{"domain/desk", "pult/providers/whatsapp", false, false},
		{"domain/desk", "pult/internal/desktest", false, false},
		{"domain/desk", "pult/internal/desktest", true, true},
		{"domain/desk", "pult/domain/desk", true, true},
		{"providers/twilio", "pult/domain/carrier", false, true},
		{"providers/twilio", "pult/providers/whatsapp", false, false},
		{"providers/twilio", "pult/providers/simulator", false, false},
		{"providers/whatsapp", "pult/providers/graph", false, true},
		{"providers/whatsapp", "pult/providers/messenger", false, false},
		{"providers/twilio", "pult/providers/graph", false, false},
		{"providers/engagelab", "pult/providers/cloudapi", false, true},
		{"providers/engagelab", "pult/providers/graph", false, false},
		{"providers/simulator", "pult/providers/graph", false, false},
		{"providers/simulator", "pult/providers/simulator/twilio", false, true},
		{"providers/simulator/graph", "pult/providers/graph", false, false},
		{"providers/simulator/twilio", "pult/providers/simulator/graph", false, false},
		{"providers/simulator/messenger", "pult/providers/simulator/graph", false, true},
		{"providers/simulator/world", "pult/providers/simulator/twilio", false, false},
		{"providers/simulator/phone", "pult/providers/simulator/twilio", false, false},
		{"providers/twilio", "pult/providers/drivertest", true, true},
		{"handlers", "pult/domain/desk", false, true},
		{"handlers", "pult/domain/store", false, false},
		{"handlers", "pult/domain/carrier", false, true},
		{"handlers/inbox", "pult/handlers/present", false, true},
		{"handlers/inbox", "pult/handlers/requests", false, false},
		{"handlers/inbox", "pult/handlers", false, false},
		{"handlers/present", "pult/handlers/web", false, false},
		{"handlers/inbox", "pult/internal/webtest", true, true},
		{"handlers/inbox", "pult/internal/webtest", false, false},
		{"views", "pult/handlers", false, false},
		{"internal/app", "pult/handlers", false, true},
		{"internal/app", "pult/internal/desktest", false, false},
		{".", "pult/internal/app", false, true},
		{".", "pult/handlers", false, false},
		{".", "pult/internal/desktest", false, false},
		{"internal/tools/load", "pult/internal/desktest", false, true},
		{"domain", "C", false, false},
	}
	for _, c := range cases {
		fault := forbidden(c.from, c.imported, c.test)
		if (fault == "") != c.allowed {
			t.Errorf("%s imports %s (test file: %t): got %q, want allowed %t", c.from, c.imported, c.test, fault, c.allowed)
		}
	}
	if _, known := floorOf("internal/elsewhere"); known {
		t.Error("internal/elsewhere has a floor, want none")
	}
}

// forbidden says why a package may not import a path, or "" when it may.
func forbidden(folder, imported string, test bool) string {
	if imported == "C" {
		return `imports "C": the program is built without cgo for every system`
	}
	for _, rule := range onlyIn {
		if within(imported, rule.module) && folder != rule.folder {
			return fmt.Sprintf("imports %s: only %s may; %s", imported, rule.folder, rule.why)
		}
	}
	own, ours := ownFolder(imported)
	row, _ := floorOf(folder)
	if !ours {
		if !test && slices.Contains(standardOnly, folder) && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
			return fmt.Sprintf("%s imports %s: %s", folder, imported, row.why)
		}
		return ""
	}
	if row.allows(own) || test && (own == folder || slices.Contains(testsMayAlso, own)) {
		return ""
	}
	return fmt.Sprintf("%s imports %s: %s", folder, own, row.why)
}

func (f floor) allows(folder string) bool {
	if slices.Contains(f.may, folder) || slices.Contains(f.may, path.Dir(folder)+"/*") {
		return true
	}
	return slices.Contains(f.may, "...") && !slices.Contains(testOnly, folder)
}

// floorOf finds the row of a package: its own, else that of its pattern.
func floorOf(folder string) (floor, bool) {
	for _, name := range []string{folder, path.Dir(folder) + "/*"} {
		for _, row := range floors {
			if row.folder == name {
				return row, true
			}
		}
	}
	return floor{}, false
}

func ownFolder(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

func within(imported, module string) bool {
	return imported == module || strings.HasPrefix(imported, module+"/")
}

// source is what the rules need to know of one Go file.
type source struct {
	name    string // path from the module's root
	folder  string // package folder; "." is the root
	imports []string
	test    bool
	comment bool // has a package comment of the usual form
}

// sources reads the heads of all Go files of the module. It reads files rather
// than asking the go command, so that files of other systems count as well.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := fs.WalkDir(os.DirFS(houseRoot), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipFolder(name)
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		file, err := readSource(name)
		all = append(all, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go file found; the walk is wrong")
	}
	return all
}

// skipFolder leaves out what the go command leaves out, and other modules.
func skipFolder(name string) error {
	if name == "." {
		return nil
	}
	base := path.Base(name)
	_, err := os.Stat(filepath.Join(houseRoot, name, "go.mod"))
	if err == nil || base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules" {
		return filepath.SkipDir
	}
	return nil
}

func readSource(name string) (source, error) {
	parsed, err := parser.ParseFile(
		token.NewFileSet(), filepath.Join(houseRoot, name), nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	file := source{
		name:    name,
		folder:  path.Dir(name),
		test:    strings.HasSuffix(name, "_test.go"),
		comment: hasPackageComment(parsed),
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		file.imports = append(file.imports, imported)
	}
	return file, nil
}

func hasPackageComment(file *ast.File) bool {
	text := file.Doc.Text()
	if file.Name.Name == "main" {
		return text != ""
	}
	return strings.HasPrefix(text, "Package "+file.Name.Name+" ")
}
