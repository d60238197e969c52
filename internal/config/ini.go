package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bigkevmcd/go-configparser"
)

// longestLine bounds a line. It is shorter than the parser's buffer: the rest
// of a longer line would be read as a line of its own.
const longestLine = 4000

// outside is the heading above a line that is parsed alone, since the parser
// takes no setting without one. No line of a file can name this section: a
// line with this character in it is refused.
const outside = "\x00"

// parseLine has the parser read one line: it finds a heading, or the key of a
// setting, or nothing that it understands.
func parseLine(line string) (heading, key string, err error) {
	parsed, err := configparser.ParseReaderWithOptions(strings.NewReader("["+outside+"]\n"+line),
		configparser.Delimiters("="), configparser.DefaultSection(""))
	if err != nil {
		return "", "", fmt.Errorf("config: parse: %w", err)
	}
	for _, section := range parsed.Sections() {
		if section != outside {
			return section, "", nil
		}
	}
	items, err := parsed.Items(outside)
	for key := range items {
		return "", key, nil
	}
	return "", "", err
}

// file is what the lines of a file say.
type file struct {
	section string         // the section we are in; empty before the first and in one that is not judged
	skipped bool           // the section is unknown or a repetition: its keys are not judged
	first   map[string]int // line of each section's heading
	values  map[keyName]string
	origin  origins
	faults  Faults
}

// readFile reads the text of a file. What is wrong in it is in the faults; the
// error is the parser's own.
func readFile(text string) (*file, error) {
	f := &file{first: map[string]int{}, values: map[keyName]string{}, origin: origins{}}
	text = strings.TrimPrefix(text, "\ufeff") // some editors of Windows begin files with it
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := f.readLine(number, strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *file) readLine(number int, line string) error {
	switch {
	case line == "" || line[0] == '#' || line[0] == ';':
		return nil
	case !utf8.ValidString(line) || strings.Contains(line, outside):
		f.refuse(number, "", "not UTF-8 text; save the file with the encoding UTF-8")
		return nil
	case len(line) > longestLine:
		f.refuse(number, "", fmt.Sprintf("longer than %d bytes; write less", longestLine))
		return nil
	}
	heading, key, err := parseLine(line)
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(line, "["):
		f.enterSection(number, line, strings.TrimSpace(heading))
	case key == "" || !strings.HasPrefix(line, key): // the parser finds "a = b" in "= a = b" too
		f.refuse(number, "", fmt.Sprintf("%q is not a setting; write key = value", line))
	case !f.skipped:
		_, value, _ := strings.Cut(line, "=") // the parser leaves out an equals sign that the value begins with
		f.addSetting(number, key, strings.TrimSpace(value))
	}
	return nil
}

func (f *file) refuse(number int, key, message string) {
	f.faults = append(f.faults, Fault{Line: number, Section: f.section, Key: key, Message: message})
}

func (f *file) enterSection(number int, line, name string) {
	f.section, f.skipped = "", true
	switch before, again := f.first[name]; {
	case !strings.HasSuffix(line, "]"):
		meant, _, _ := strings.Cut(line[1:], "]")
		f.refuse(number, "", fmt.Sprintf("the heading does not end with ]; write [%s] alone on the line",
			cmp.Or(name, strings.TrimSpace(meant))))
	case !slices.Contains(sectionNames(), name):
		f.refuse(number, "", fmt.Sprintf("unknown section [%s]; %s", name, suggestKnown(name, sectionNames())))
	case again:
		f.refuse(number, "", fmt.Sprintf("section [%s] stands already at line %d; move these keys there", name, before))
	default:
		f.section, f.skipped, f.first[name] = name, false, number
	}
}

func (f *file) addSetting(number int, key, value string) {
	at := keyName{f.section, key}
	_, known := findKey(f.section, key)
	switch before, again := f.origin[at]; {
	case f.section == "":
		f.refuse(
			number,
			"",
			fmt.Sprintf("%q stands before any section; write a heading such as [server] above it", key),
		)
	case !known:
		f.refuse(number, key, "unknown key; "+suggestKnown(key, keyNames(f.section)))
	case again:
		f.refuse(number, key, fmt.Sprintf("stands already at line %d; remove one of the two", before))
	default:
		f.origin[at], f.values[at] = number, value
	}
}

// apply stores the values of the file.
func (f *file) apply(cfg *Config) (faults Faults) {
	for _, k := range keys {
		value, written := f.values[keyName{k.section, k.name}]
		if !written {
			continue
		}
		if err := k.set(cfg, value); err != nil {
			faults = append(faults, f.origin.faultAt(k.section, k.name, err.Error()))
		}
	}
	return faults
}
