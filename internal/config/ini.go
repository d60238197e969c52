package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bigkevmcd/go-configparser"
)

// Fault is one thing wrong in the configuration. Its words are English
// whatever the language of the desk: they are read in a terminal or a log,
// before any reader is known.
type Fault struct {
	Line         int    // line of the file, from 1; 0 for a variable of the environment
	Section, Key string // empty where the line has none
	Message      string // what is wrong and what to write instead
}

// String is one line for the terminal.
func (f Fault) String() string {
	switch {
	case f.Line == 0:
		return fmt.Sprintf("environment: %s: %s", variable(f.Section, f.Key), f.Message)
	case f.Key != "":
		return fmt.Sprintf("line %d: [%s] %s: %s", f.Line, f.Section, f.Key, f.Message)
	case f.Section != "":
		return fmt.Sprintf("line %d: [%s]: %s", f.Line, f.Section, f.Message)
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Message)
}

// Faults is everything wrong at once, so that a file is put right in one
// go. The faults of the file come first, in its order.
type Faults []Fault

// Error is all faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (fs Faults) sort() {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Compare(a.Line, b.Line)
	})
}

// keyName names a key of the file.
type keyName struct{ section, key string }

// origins remembers the line that gave each key its value. A key that the
// environment gave, or nobody, is at line 0.
type origins map[keyName]int

func (o origins) fault(section, key, message string) Fault {
	return Fault{Line: o[keyName{section, key}], Section: section, Key: key, Message: message}
}

// longestLine keeps below the buffer of the parser, which would read the rest
// of a longer line as a line of its own.
const longestLine = 4000

// iniScan walks the lines of a file before the parser sees them. The parser
// passes over what it does not understand and knows no line numbers, so a
// mistyped key would silently stay at its default; the walk keeps only lines
// that are surely meant, and says of every other one what is wrong.
type iniScan struct {
	section string // the known section we are in; empty before the first and in an unknown one
	lost    bool   // in a section that is unknown or a repetition: its keys are not judged
	first   map[string]int
	kept    []string
	origin  origins
	faults  Faults
}

func scanINI(text string) (*iniScan, Faults) {
	scan := &iniScan{first: map[string]int{}, origin: origins{}}
	text = strings.TrimPrefix(text, "\ufeff") // some editors of Windows begin files with it
	number := 0
	for line := range strings.Lines(text) {
		number++
		scan.line(number, strings.TrimSpace(line))
	}
	return scan, scan.faults
}

func (s *iniScan) line(number int, line string) {
	switch {
	case line == "" || line[0] == '#' || line[0] == ';':
	case !utf8.ValidString(line) || strings.ContainsRune(line, 0):
		s.refuse(number, "", "not UTF-8 text; save the file with the encoding UTF-8")
	case len(line) > longestLine:
		s.refuse(number, "", fmt.Sprintf("longer than %d bytes; write less", longestLine))
	case line[0] == '[':
		s.header(number, line)
	default:
		s.setting(number, line)
	}
}

func (s *iniScan) refuse(number int, key, message string) {
	s.faults = append(s.faults, Fault{Line: number, Section: s.section, Key: key, Message: message})
}

func (s *iniScan) header(number int, line string) {
	name, _, _ := strings.Cut(line[1:], "]")
	name = strings.TrimSpace(name)
	s.section, s.lost = "", true
	if !strings.HasSuffix(line, "]") {
		s.refuse(number, "", fmt.Sprintf("the heading does not end with ]; write [%s] alone on the line", name))
		return
	}
	if !slices.Contains(sectionNames(), name) {
		s.refuse(number, "", fmt.Sprintf("unknown section [%s]; %s", name, advise(name, sectionNames())))
		return
	}
	if before, again := s.first[name]; again {
		s.refuse(number, "", fmt.Sprintf("section [%s] stands already at line %d; move these keys there", name, before))
		return
	}
	s.section, s.lost, s.first[name] = name, false, number
	s.kept = append(s.kept, "["+name+"]")
}

func (s *iniScan) setting(number int, line string) {
	name, value, found := strings.Cut(line, "=")
	name = strings.TrimSpace(name)
	switch {
	case !found || name == "":
		s.refuse(number, "", fmt.Sprintf("%q is not a setting; write key = value", line))
		return
	case s.lost:
		return
	case s.section == "":
		s.refuse(number, "", fmt.Sprintf("%q stands before any section; write a heading such as [server] above it", name))
		return
	}
	if _, known := findKey(s.section, name); !known {
		s.refuse(number, name, "unknown key; "+advise(name, keyNames(s.section)))
		return
	}
	at := keyName{s.section, name}
	if before, again := s.origin[at]; again {
		s.refuse(number, name, fmt.Sprintf("stands already at line %d; remove one of the two", before))
		return
	}
	s.origin[at] = number
	s.kept = append(s.kept, name+" = "+strings.TrimSpace(value))
}

// apply parses the kept lines and stores their values. An error here is a
// disagreement between the walk and the parser, not a fault of the reader.
func (s *iniScan) apply(cfg *Config) (Faults, error) {
	parsed, err := configparser.ParseReaderWithOptions(strings.NewReader(strings.Join(s.kept, "\n")),
		configparser.Delimiters("="))
	if err != nil {
		return nil, fmt.Errorf("config: parse: %w", err)
	}
	var faults Faults
	for _, k := range keys {
		if _, written := s.origin[keyName{k.section, k.name}]; !written {
			continue
		}
		value, err := parsed.Get(k.section, k.name)
		if err != nil {
			return nil, fmt.Errorf("config: parse: %w", err)
		}
		if err := k.set(cfg, value); err != nil {
			faults = append(faults, s.origin.fault(k.section, k.name, err.Error()))
		}
	}
	return faults, nil
}

// demoPrefix marks variables that belong to -demo and name no key.
const demoPrefix = "PULT_DEMO_"

// applyEnvironment lets variables override keys. A variable that begins like
// one of ours and names no key is a fault, since it was surely meant to work.
func applyEnvironment(cfg *Config, environ []string, origin origins) Faults {
	var faults Faults
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		section, ok := variableSection(name)
		if !ok {
			continue
		}
		key := strings.ToLower(strings.TrimPrefix(name, variable(section, "")))
		known, ok := findKey(section, key)
		if !ok {
			faults = append(faults, Fault{Section: section, Key: key,
				Message: "unknown variable; " + advise(variable(section, key), variableNames(section))})
			continue
		}
		delete(origin, keyName{section, key})
		if err := known.set(cfg, strings.TrimSpace(value)); err != nil {
			faults = append(faults, Fault{Section: section, Key: key, Message: err.Error()})
		}
	}
	return faults
}

// variable is the environment's name of a key.
func variable(section, key string) string {
	return "PULT_" + strings.ToUpper(section) + "_" + strings.ToUpper(key)
}

func variableSection(name string) (string, bool) {
	if strings.HasPrefix(name, demoPrefix) {
		return "", false
	}
	for _, section := range sectionNames() {
		if strings.HasPrefix(name, variable(section, "")) {
			return section, true
		}
	}
	return "", false
}

func variableNames(section string) []string {
	names := keyNames(section)
	for i, key := range names {
		names[i] = variable(section, key)
	}
	return names
}

func sectionNames() []string {
	var names []string
	for _, k := range keys {
		if !slices.Contains(names, k.section) {
			names = append(names, k.section)
		}
	}
	return names
}

func keyNames(section string) []string {
	var names []string
	for _, k := range keys {
		if k.section == section {
			names = append(names, k.name)
		}
	}
	return names
}
