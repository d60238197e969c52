package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
		return fmt.Sprintf("environment: %s: %s", variableName(f.Section, f.Key), f.Message)
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

func (fs Faults) sortByLine() {
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

func (o origins) faultAt(section, key, message string) Fault {
	return Fault{Line: o[keyName{section, key}], Section: section, Key: key, Message: message}
}
