// Command weight says what takes room in a program: the sections of the file, and the code and data of each module.
//
//	CGO_ENABLED=0 go build -trimpath -o pult . && go run ./internal/tools/weight pult
//
// It reads an ELF file that was built with its symbols. What has no name of its own, such as texts, embedded files and
// the tables of lines, is counted with the sections only.
package main

import (
	"cmp"
	"debug/buildinfo"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: weight PROGRAM")
		os.Exit(2)
	}
	if err := weigh(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "weight:", err)
		os.Exit(1)
	}
}

func weigh(program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	file, err := elf.Open(program)
	if err != nil {
		return err
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		return fmt.Errorf("%w: build it without -ldflags -s", err)
	}
	fmt.Println("| section | kB |\n|---|---|")
	for _, s := range file.Sections {
		if s.Flags&elf.SHF_ALLOC != 0 && s.Type != elf.SHT_NOBITS && s.Size >= 10_000 {
			fmt.Printf("| %s | %d |\n", s.Name, s.Size/1000)
		}
	}
	modules := []string{info.Main.Path}
	for _, d := range info.Deps {
		modules = append(modules, d.Path)
	}
	sizes := map[string]uint64{}
	for _, s := range symbols {
		if int(s.Section) < len(file.Sections) && file.Sections[s.Section].Type != elf.SHT_NOBITS {
			sizes[findModule(modules, s.Name)] += s.Size
		}
	}
	fmt.Println("\n| module | kB of code and named data |\n|---|---|")
	for _, name := range slices.SortedFunc(maps.Keys(sizes), func(a, b string) int { return cmp.Compare(sizes[b], sizes[a]) }) {
		if sizes[name] >= 10_000 {
			fmt.Printf("| %s | %d |\n", name, sizes[name]/1000)
		}
	}
	return nil
}

// findModule is the module of a symbol: the longest path that its package begins with.
func findModule(modules []string, symbol string) (found string) {
	found = "the language and its standard library"
	longest := 0
	for _, m := range modules {
		if len(m) > longest && (strings.HasPrefix(symbol, m+".") || strings.HasPrefix(symbol, m+"/")) {
			found, longest = m, len(m)
		}
	}
	return found
}
