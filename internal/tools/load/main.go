// Command load fills a desk with messages and measures it: pages, search, webhooks beside the store's own synced append
// rate, live latency, start, memory, and the bytes of a first visit. Everything runs in this process on loopback, so
// that one run holds a figure and its reference.
//
//	go run ./internal/tools/load -n 1000,10000,100000
//
//	go run ./internal/tools/load -n 1000 -bin this,/path/to/an/older/pult
//
// The second form starts whole programs in processes of their own, beside a floor of Echo and the engine alone, in rounds
// that go round all of them.
//
// It writes a Markdown table as docs/performance.md keeps it. Loads are bounded in number; nothing leaves the machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

func main() {
	sizes := flag.String("n", "1000,10000", "how many messages to store, a list; a tenth as many conversations")
	requests := flag.Int("requests", 400, "how many requests each figure is measured with")
	dir := flag.String(
		"dir",
		"",
		"where the stores lie; one that is there already is measured as it is (default: a folder that is thrown away)",
	)
	profile := flag.String("cpuprofile", "", "write a CPU profile into this file")
	programs := flag.String("bin", "", "measure these programs apart, a list of paths; \"this\" is the one of this module")
	rounds := flag.Int("rounds", 3, "how often to go round the programs that are measured apart")
	floorDir := flag.String("floor", "", "be the floor that programs are measured beside, on this folder")
	flag.Parse()
	if *floorDir != "" {
		if err := serveFloor(*floorDir); err != nil {
			fmt.Fprintln(os.Stderr, "load:", err)
			os.Exit(1)
		}
		return
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "load:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	measure := func() error { return measureAll(context.Background(), strings.Split(*sizes, ","), *requests, *dir) }
	if *programs != "" {
		measure = func() error { return measurePrograms(context.Background(), *programs, *sizes, *rounds) }
	}
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// measurePrograms measures programs in processes of their own; the first of the sizes counts.
func measurePrograms(ctx context.Context, list, sizes string, rounds int) error {
	size, _, _ := strings.Cut(sizes, ",")
	n, err := strconv.Atoi(strings.TrimSpace(size))
	if err != nil || n < 100 {
		return fmt.Errorf("%q is not a number of messages from 100 on", size)
	}
	var paths []string
	for _, path := range strings.Split(list, ",") {
		if path == "this" {
			path = ""
		}
		paths = append(paths, path)
	}
	return measureApart(ctx, paths, n, rounds)
}

func measureAll(ctx context.Context, sizes []string, requests int, dir string) error {
	fmt.Printf(
		"%s, %s/%s, %d cores, %s\n\n",
		time.Now().Format("2 January 2006"),
		runtime.GOOS,
		runtime.GOARCH,
		runtime.NumCPU(),
		runtime.Version(),
	)
	var columns []figures
	for _, s := range sizes {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 100 {
			return fmt.Errorf("%q is not a number of messages from 100 on", s)
		}
		f, err := measureDesk(ctx, n, requests, dir)
		if err != nil {
			return fmt.Errorf("%d messages: %w", n, err)
		}
		columns = append(columns, f)
	}
	printTable(columns)
	return nil
}

// measureDesk measures a desk with n messages.
func measureDesk(ctx context.Context, n, requests int, dir string) (figures, error) {
	f := figures{}
	if dir == "" {
		made, err := os.MkdirTemp("", "pult-load-")
		if err != nil {
			return f, err
		}
		defer os.RemoveAll(made)
		dir = made
	}
	r, err := openRig(ctx, fmt.Sprintf("%s/%d", dir, n))
	if err != nil {
		return f, err
	}
	began := time.Now()
	if err := r.fillOnce(ctx, n); err != nil {
		return f, err
	}
	fmt.Fprintf(os.Stderr, "%d messages ready after %v\n", n, time.Since(began).Round(time.Millisecond))
	if r, err = r.reopen(ctx, &f); err != nil {
		return f, err
	}
	defer r.close()
	f.set("messages", fmt.Sprint(n))
	for _, step := range []func(context.Context, *figures, int) error{
		r.measureIdle, r.countFirstVisit, r.measurePages, r.measureSearches,
		r.measureWebhooks, r.measureLive, r.measureFanOut, r.measureMemory,
	} {
		if err := step(ctx, &f, requests); err != nil {
			return f, err
		}
	}
	return f, nil
}
