package arch_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

// limit is how large one package may grow. Where a row leaves a number out, the
// common one counts. Circles are sets of files that use each other round and
// round; methods are counted per receiver.
type limit struct {
	folder   string
	lines    int
	files    int
	methods  int
	circle   int
	misfiled int // types declared in a file that is not their own
	why      string
}

// common holds for every package without a row of its own.
var common = limit{lines: 3000, files: 25, methods: 40, circle: 8}

// limits is the list of exceptions. Each is a package that loses more by being
// taken apart than by being large.
var limits = []limit{
	{
		folder: "domain", lines: 3000, files: 37,
		why: "one file per noun, and the nouns know each other: taking them apart would only lengthen their names",
	},
	{
		folder: "domain/store", lines: 4100, files: 40, methods: 160,
		why: "methods of one transaction compose inside one closure; the files below it are layered and hardly touch",
	},
	{
		folder: "views", lines: 4100, files: 34, methods: 100, circle: 16, misfiled: 17,
		why: "one set of templates whose blocks call each other, one method per fragment, a struct beside its block",
	},
}

// Limits that hold for every package without exception.
const (
	handlerLines  = 50   // of a function that takes an echo.Context
	lineColumns   = 130  // a tab takes four; the aim is 120
	oneWordShare  = 15   // percent of the unexported functions; methods are not counted
	smallPackage  = 1000 // lines up to which functions of one word are found without searching
	namesPerFault = 12
)

// allowedType is a type that is declared in another file than its own.
type allowedType struct{ folder, name, why string }

// elsewhere lists them.
var elsewhere = []allowedType{
	{"domain/store/kv", "Budget", "an engine keeps the limits of a transaction with it, so it stands beside them"},
}

// With -v it also prints the figures of every package.
func TestGauge_PackagesKeepTheirLimits(t *testing.T) {
	var all []figures
	for _, r := range loadedHouse(t) {
		f := measure(r)
		for _, fault := range faults(f, limitOf(r.folder)) {
			t.Errorf("%s: %s", r.folder, fault)
		}
		all = append(all, f)
	}
	if testing.Verbose() {
		t.Log("\n" + table(all))
	}
}

func TestGauge_FoldersDoNotImportEachOther(t *testing.T) {
	for _, circle := range folderCircles(loadedHouse(t)) {
		t.Error(circle)
	}
}

// An exception for something that is gone would hide the next one of that name.
func TestGauge_ExceptionsAreOfSomething(t *testing.T) {
	rooms := map[string]room{}
	for _, r := range loadedHouse(t) {
		rooms[r.folder] = r
	}
	for _, row := range limits {
		if _, found := rooms[row.folder]; !found {
			t.Errorf("limits: there is no package %s", row.folder)
		}
		if row.why == "" {
			t.Errorf("limits: the row of %s gives no reason", row.folder)
		}
	}
	for _, row := range elsewhere {
		if r, found := rooms[row.folder]; !found || r.types.Scope().Lookup(row.name) == nil {
			t.Errorf("elsewhere: package %s has no type %s", row.folder, row.name)
		}
	}
}

func loadedHouse(t *testing.T) []room {
	t.Helper()
	house, err := loadHouse()
	if err != nil {
		t.Fatal(err)
	}
	if len(house) == 0 {
		t.Fatal("no package was found: the gauge looks in the wrong place")
	}
	return house
}

// limitOf gives the limits of a package: the common ones, but for what its own row says.
func limitOf(folder string) limit {
	own := limit{folder: folder}
	if i := slices.IndexFunc(limits, func(row limit) bool { return row.folder == folder }); i >= 0 {
		own = limits[i]
	}
	own.lines = cmp.Or(own.lines, common.lines)
	own.files = cmp.Or(own.files, common.files)
	own.methods = cmp.Or(own.methods, common.methods)
	own.circle = cmp.Or(own.circle, common.circle)
	return own
}

// faults says where a package is beyond its limits.
func faults(f figures, l limit) []string {
	var found []string
	report := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if f.lines > l.lines {
		report("%d lines, at most %d", f.lines, l.lines)
	}
	if f.files > l.files {
		report("%d files, at most %d", f.files, l.files)
	}
	for _, receiver := range f.receivers {
		if receiver.count > l.methods {
			report("%s has %d methods, at most %d", receiver.name, receiver.count, l.methods)
		}
	}
	if len(f.circle) > l.circle {
		report("%d files use each other round and round, at most %d: %s", len(f.circle), l.circle, shortList(f.circle))
	}
	for _, handler := range f.handlers {
		if handler.count > handlerLines {
			report("%s is a handler of %d lines, at most %d", handler.name, handler.count, handlerLines)
		}
	}
	if len(f.misfiled) > l.misfiled {
		report("%d types are declared in a file that is not their own, at most %d: %s",
			len(f.misfiled), l.misfiled, shortList(f.misfiled))
	}
	if f.lines > smallPackage && len(f.oneWord)*100 > f.functions*oneWordShare {
		report("%d of %d unexported functions have a name of one word, at most %d %%: %s",
			len(f.oneWord), f.functions, oneWordShare, shortList(f.oneWord))
	}
	if len(f.participles) > 0 {
		report("%d functions are named by a participle or an adjective instead of what they do: %s",
			len(f.participles), shortList(f.participles))
	}
	if len(f.tooWide) > 0 {
		report("%d lines are wider than %d columns: %s", len(f.tooWide), lineColumns, shortList(f.tooWide))
	}
	return found
}

func shortList(names []string) string {
	if len(names) > namesPerFault {
		return strings.Join(names[:namesPerFault], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// table prints the figures of packages one a line.
func table(all []figures) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "package\tlines\tfiles\tcircle\tlargest receiver\tlongest handler\t"+
		"one-word functions\tand methods\tparticiples\texported\tmisfiled\twide lines\t")
	sum := figures{folder: "all"}
	for _, f := range all {
		fmt.Fprintln(w, f.row())
		sum.lines += f.lines
		sum.files += f.files
		sum.functions += f.functions
		sum.oneWord = append(sum.oneWord, f.oneWord...)
		sum.methods += f.methods
		sum.oneWordMethods += f.oneWordMethods
		sum.participles = append(sum.participles, f.participles...)
		sum.exportedParticiples = append(sum.exportedParticiples, f.exportedParticiples...)
		sum.misfiled = append(sum.misfiled, f.misfiled...)
		sum.tooWide = append(sum.tooWide, f.tooWide...)
	}
	fmt.Fprintln(w, sum.row())
	_ = w.Flush()
	return text.String()
}

func (f figures) row() string {
	cells := []string{f.folder, fmt.Sprint(f.lines), fmt.Sprint(f.files), "-", "-", "-"}
	if len(f.circle) > 0 {
		cells[3] = fmt.Sprintf("%d of %d", len(f.circle), f.files)
	}
	if len(f.receivers) > 0 {
		cells[4] = fmt.Sprintf("%s %d", f.receivers[0].name, f.receivers[0].count)
	}
	if len(f.handlers) > 0 {
		cells[5] = fmt.Sprintf("%d %s", f.handlers[0].count, f.handlers[0].name)
	}
	oneWord, both := len(f.oneWord), len(f.oneWord)+f.oneWordMethods
	cells = append(cells, share(oneWord, f.functions), share(both, f.functions+f.methods))
	for _, count := range []int{
		len(f.participles), len(f.exportedParticiples), len(f.misfiled), len(f.tooWide),
	} {
		cells = append(cells, fmt.Sprint(count))
	}
	return strings.Join(cells, "\t") + "\t"
}

func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d, %d %%", part, whole, (part*100+whole/2)/whole)
}
