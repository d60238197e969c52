package arch_test

import (
	"go/types"
	"path"
	"slices"
	"strings"
	"unicode"
)

// standardNames are the names of functions that everybody expects, and that no
// second word would make clearer.
var standardNames = []string{"main", "init", "_", "New", "run", "open", "close", "must"}

// notActions are words that say a state or a quality where the name of a
// function should say what it does. Words in -ed and -en are found by
// isParticiple without standing here.
var notActions = []string{
	"about", "alike", "among", "apart", "believable", "best", "busy", "done", "due", "first", "gone", "heard", "held",
	"ill", "kept", "known", "last", "later", "legible", "local", "lost", "made", "met", "missing", "own", "paid",
	"personal", "plain", "possible", "public", "ready", "retryable", "said", "same", "seen", "sent", "silent",
	"startable", "sure", "taken", "together", "told", "usable", "visible", "wanted", "whole",
}

// actions are the words in -ed and -en that are no participles.
var actions = []string{
	"bed", "embed", "exceed", "feed", "heed", "need", "proceed", "seed", "shed", "speed", "succeed", "weed",
	"broaden", "children", "deepen", "fasten", "garden", "happen", "harden", "lengthen", "len", "listen", "loosen",
	"open", "reopen", "screen", "sharpen", "shorten", "straighten", "strengthen", "tighten", "token", "widen",
}

// isParticiple reports whether a name of one word is a participle or an
// adjective, as seen, known and wanted are.
func isParticiple(name string) bool {
	word := strings.ToLower(name)
	if !isOneWord(name) || slices.Contains(actions, word) {
		return false
	}
	return slices.Contains(notActions, word) || strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "en")
}

// centralTypes are the types a package may hold in the file that bears the
// package's own name, besides the one its New returns.
var centralTypes = []string{"API", "Config", "Driver", "Options", "Server", "Service"}

const (
	// largeType is the number of fields or methods from which an unexported
	// type has to be in its own file like an exported one.
	largeType = 16
	// smallInterface is the number of methods up to which an interface goes
	// with whoever calls it, as a function type does.
	smallInterface = 2
)

// typeHome is a type of a package with what decides about its file.
type typeHome struct {
	object *types.TypeName
	stem   string // its file without .go
	homed  bool
}

// findMisfiledTypes lists the types that a reader would look for in another
// file. A struct or an interface that is exported or large is in its own file
// when one of these holds:
//
//  1. The name of the file and the name of the type have a word in common, and
//     no other file's name says more of the type's name: message.go and
//     MessageGlance, channel_login.go and LoginPage, webchat.go and
//     WebChatSettings, receive.go and Receiver.
//  2. The file bears the name of the package, and the type is one of
//     centralTypes or what an exported function of this file takes or returns.
//  3. The type is a part of what its file is about: it stands in a field of a
//     type that is at home in this file, and in no public field of a type of
//     another file. Where it stands in no field at all, it stands in signatures
//     of this file only: methods, functions that name a type at home here, or
//     functions whose own name shares a word with the file's.
//
// Enumerations, function types, small interfaces and small unexported types go
// with their subject and are not looked at. A package of one file has no wrong
// file.
func (r room) findMisfiledTypes() []string {
	if len(r.files) < 2 {
		return nil
	}
	homes := r.typeHomes()
	for _, home := range homes {
		home.homed = !r.isSearchedFor(home.object) || r.isHomedByName(home)
	}
	mentions := r.mentions()
	for changed := true; changed; {
		changed = false
		for _, home := range homes {
			if !home.homed && r.isPart(home, homes, mentions[home.object]) {
				home.homed, changed = true, true
			}
		}
	}
	var misfiled []string
	for _, home := range homes {
		if !home.homed && !isAllowedElsewhere(r.folder, home.object.Name()) {
			misfiled = append(misfiled, home.object.Name()+" ("+home.stem+".go)")
		}
	}
	slices.Sort(misfiled)
	return misfiled
}

func (r room) typeHomes() map[*types.TypeName]*typeHome {
	homes := map[*types.TypeName]*typeHome{}
	for _, name := range r.types.Scope().Names() {
		if object, ok := r.types.Scope().Lookup(name).(*types.TypeName); ok {
			homes[object] = &typeHome{object: object, stem: r.stemOf(object)}
		}
	}
	return homes
}

func (r room) stemOf(object types.Object) string {
	return strings.TrimSuffix(r.fileOf(object.Pos()), ".go")
}

// isSearchedFor reports whether a type is one that readers look for by name.
func (r room) isSearchedFor(object *types.TypeName) bool {
	if object.IsAlias() {
		return false
	}
	switch under := object.Type().Underlying().(type) {
	case *types.Struct:
		return object.Exported() || under.NumFields() >= largeType
	case *types.Interface:
		return object.Exported() && under.NumMethods() > smallInterface || under.NumMethods() >= largeType
	default:
		return false
	}
}

func (r room) isHomedByName(home *typeHome) bool {
	name := home.object.Name()
	if r.isMainFile(home.stem) && (slices.Contains(centralTypes, name) || r.isInEntrance(home)) {
		return true
	}
	here := sharedWords(home.stem, name)
	if here == 0 {
		return false
	}
	return !slices.ContainsFunc(r.files, func(file roomFile) bool {
		stem := strings.TrimSuffix(file.name, ".go")
		words := len(strings.Split(stem, "_"))
		return sharedWords(stem, name) > here && sharedWords(stem, name) == words
	})
}

func (r room) isMainFile(stem string) bool {
	return singular(stem) == singular(r.types.Name()) || singular(stem) == singular(path.Base(r.folder))
}

// isInEntrance reports whether an exported function of the type's file takes or
// returns the type.
func (r room) isInEntrance(home *typeHome) bool {
	for _, name := range r.types.Scope().Names() {
		function, ok := r.types.Scope().Lookup(name).(*types.Func)
		if !ok || !function.Exported() || r.stemOf(function) != home.stem {
			continue
		}
		if mentionsType(function.Signature(), home.object) {
			return true
		}
	}
	return false
}

func isAllowedElsewhere(folder, name string) bool {
	return slices.ContainsFunc(elsewhere, func(row allowedType) bool {
		return row.folder == folder && row.name == name
	})
}

// mention is one place where a type stands in a field or in a signature.
type mention struct {
	stem   string            // the file
	owners []*types.TypeName // the type whose field or method it is, or the other types of the function's signature
	method bool
	name   string // of the function; "" in a field
	hidden bool   // a field that other packages cannot see
}

func (m mention) isField() bool { return m.name == "" }

// mentions collects where the types of a package stand in fields and signatures.
func (r room) mentions() map[*types.TypeName][]mention {
	found := map[*types.TypeName][]mention{}
	add := func(used types.Type, m mention) {
		for _, object := range namedTypes(used, r.types) {
			if !slices.Contains(m.owners, object) || !m.method && m.name != "" {
				found[object] = append(found[object], m)
			}
		}
	}
	for _, name := range r.types.Scope().Names() {
		object, ok := r.types.Scope().Lookup(name).(*types.TypeName)
		if !ok || object.IsAlias() {
			continue
		}
		r.eachPart(object, func(part types.Type, public bool) {
			add(part, mention{stem: r.stemOf(object), owners: []*types.TypeName{object}, hidden: !public})
		})
	}
	for _, declaration := range r.declaredFunctions() {
		function, ok := r.info.Defs[declaration.Name].(*types.Func)
		if !ok {
			continue
		}
		signature := function.Signature()
		m := mention{stem: r.stemOf(function), name: function.Name()}
		if receiver := signature.Recv(); receiver != nil {
			m.method = true
			m.owners = namedTypes(receiver.Type(), r.types)
		} else {
			m.owners = append(namedTypes(signature.Params(), r.types), namedTypes(signature.Results(), r.types)...)
		}
		add(signature.Params(), m)
		add(signature.Results(), m)
	}
	return found
}

// isPart reports whether a type is a part of what its file is about.
func (r room) isPart(home *typeHome, homes map[*types.TypeName]*typeHome, mentions []mention) bool {
	if slices.ContainsFunc(mentions, mention.isField) {
		mentions = slices.DeleteFunc(slices.Clone(mentions), func(m mention) bool { return !m.isField() })
	}
	belongs := false
	for _, m := range mentions {
		if m.stem != home.stem && m.hidden {
			continue
		}
		if m.stem != home.stem {
			return false
		}
		for _, owner := range m.owners {
			if owner != home.object && homes[owner].homed && (m.method || homes[owner].stem == home.stem) {
				belongs = true
			}
		}
		if m.name != "" && !m.method && (sharedWords(m.stem, m.name) > 0 || r.isMainFile(m.stem)) {
			belongs = true
		}
	}
	return belongs
}

// eachPart gives the fields of a struct, or the methods of an interface, and
// whether other packages see them.
func (r room) eachPart(object *types.TypeName, give func(part types.Type, public bool)) {
	switch under := object.Type().Underlying().(type) {
	case *types.Struct:
		for field := range under.Fields() {
			give(field.Type(), object.Exported() && field.Exported())
		}
	default:
		give(under, object.Exported())
	}
}

func mentionsType(used types.Type, object *types.TypeName) bool {
	return slices.Contains(namedTypes(used, object.Pkg()), object)
}

// namedTypes lists the types of a package that are named in a type expression,
// without looking into them.
func namedTypes(used types.Type, pkg *types.Package) []*types.TypeName {
	var found []*types.TypeName
	var walk func(types.Type)
	walk = func(current types.Type) {
		switch t := current.(type) {
		case *types.Alias:
			walk(types.Unalias(t))
		case *types.Named:
			if t.Obj().Pkg() == pkg && t.Obj().Parent() == pkg.Scope() {
				found = append(found, t.Obj())
			}
			for i := range t.TypeArgs().Len() {
				walk(t.TypeArgs().At(i))
			}
		case interface{ Elem() types.Type }:
			if keyed, ok := t.(*types.Map); ok {
				walk(keyed.Key())
			}
			walk(t.Elem())
		case *types.Struct:
			for i := range t.NumFields() {
				walk(t.Field(i).Type())
			}
		case *types.Interface:
			for i := range t.NumExplicitMethods() {
				walk(t.ExplicitMethod(i).Type())
			}
			for i := range t.NumEmbeddeds() {
				walk(t.EmbeddedType(i))
			}
		case *types.Signature:
			walk(t.Params())
			walk(t.Results())
		case *types.Tuple:
			for i := range t.Len() {
				walk(t.At(i).Type())
			}
		}
	}
	if used != nil {
		walk(used)
	}
	return found
}

// sharedWords counts the words of a file's name that are words of a name too.
func sharedWords(stem, name string) int {
	runs := wordRuns(name)
	count := 0
	for word := range strings.SplitSeq(stem, "_") {
		if slices.ContainsFunc(runs, func(run string) bool { return isSameWord(word, run) }) {
			count++
		}
	}
	return count
}

// wordRuns lists the words of a name and what neighbouring words make together:
// WebChat gives web, chat and webchat.
func wordRuns(name string) []string {
	words := splitWords(name)
	var runs []string
	for i := range words {
		for j := i + 1; j <= len(words); j++ {
			runs = append(runs, strings.Join(words[i:j], ""))
		}
	}
	return runs
}

// splitWords takes a name in mixed capitals apart: HTTPServer gives http, server.
func splitWords(name string) []string {
	var words []string
	letters := []rune(name)
	start := 0
	for i := 1; i < len(letters); i++ {
		begins := unicode.IsUpper(letters[i]) && !unicode.IsUpper(letters[i-1])
		ends := unicode.IsUpper(letters[i]) && i+1 < len(letters) && unicode.IsLower(letters[i+1])
		if begins || ends {
			words = append(words, strings.ToLower(string(letters[start:i])))
			start = i
		}
	}
	return append(words, strings.ToLower(string(letters[start:])))
}

// isSameWord compares a word of a file's name with one of a type's name. One
// may be the plural of the other, or say who does what the file's name says.
func isSameWord(inFile, inName string) bool {
	if singular(inFile) == singular(inName) {
		return true
	}
	doer := strings.TrimSuffix(inFile, "e")
	return inName == doer+"er" || inName == doer+"or"
}

func singular(word string) string {
	if stem, ok := strings.CutSuffix(word, "ies"); ok && len(stem) > 1 {
		return stem + "y"
	}
	for _, plural := range []string{"ches", "shes", "sses", "xes"} {
		if strings.HasSuffix(word, plural) {
			return strings.TrimSuffix(word, "es")
		}
	}
	if strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && len(word) > 2 {
		return strings.TrimSuffix(word, "s")
	}
	return word
}
