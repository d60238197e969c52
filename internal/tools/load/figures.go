package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// figures are what was measured, in the order in which it was.
type figures struct {
	names  []string
	values map[string]string
}

func (f *figures) set(name, value string) {
	if f.values == nil {
		f.values = map[string]string{}
	}
	if _, ok := f.values[name]; !ok {
		f.names = append(f.names, name)
	}
	f.values[name] = value
}

func printTable(columns []figures) {
	if len(columns) == 0 {
		return
	}
	for i, name := range columns[0].names {
		fmt.Printf("| %s |", name)
		for _, c := range columns {
			fmt.Printf(" %s |", c.values[name])
		}
		fmt.Println()
		if i == 0 {
			fmt.Println("|---" + strings.Repeat("|---", len(columns)) + "|")
		}
	}
}

// percentiles is the p50, p95 and p99 of some durations.
func percentiles(d []time.Duration) string {
	slices.Sort(d)
	at := func(p float64) time.Duration { return d[int(p*float64(len(d)-1))] }
	return fmt.Sprintf("%s / %s / %s", milliseconds(at(.5)), milliseconds(at(.95)), milliseconds(at(.99)))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
