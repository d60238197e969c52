// Command pult is a conversation desk in one file: customers write by WhatsApp and other channels, operators answer from a
// page on localhost or the LAN.
//
// This file and its neighbours main_….go are the only ones that know every package: they read flags and configuration,
// wire the parts, start them and stop them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // Windows has no time zones of its own

	"github.com/cli/browser"
)

// version is set by the release build with -ldflags "-X main.version=…".
var version = "development"

// memoryLimit keeps the desktop's footprint small; under pressure Go collects more often instead of growing.
const memoryLimit = 96 << 20

func main() {
	debug.SetMemoryLimit(memoryLimit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// Exit codes of the program.
const (
	exitStopped = 0
	exitFailed  = 1
	exitUsage   = 2
)

// flags are what the command line says.
type flags struct {
	config    string
	data      string
	listen    string
	public    string
	noBrowser bool
	demo      bool
	version   bool
}

// run is the whole program: it returns the exit code when it has stopped.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	f, rest, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitStopped
	}
	if err != nil {
		return exitUsage
	}
	if f.version {
		fmt.Fprintln(stdout, "pult", version)
		return exitStopped
	}
	p, err := prepare(f, environ, stdout, stderr)
	if err == nil {
		err = p.do(ctx, rest)
	}
	switch {
	case err == nil:
		return exitStopped
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, "pult:", err)
		return exitUsage
	}
	fmt.Fprintln(stderr, "pult:", err)
	return exitFailed
}

var errUsage = errors.New("wrong use; see pult -help")

func parseFlags(args []string, stderr io.Writer) (flags, []string, error) {
	var f flags
	set := flag.NewFlagSet("pult", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.config, "config", "", "read this `pult.ini`")
	set.StringVar(&f.data, "data", "", "keep the data in this `folder`")
	set.StringVar(&f.listen, "listen", "", "serve the desk on this `address` (default 127.0.0.1:7858)")
	set.StringVar(&f.public, "public", "", "serve webhooks on this `address` (default 127.0.0.1:7859)")
	set.BoolVar(&f.noBrowser, "no-browser", false, "do not open a browser")
	set.BoolVar(&f.demo, "demo", false, "serve sample data with simulated vendors and telephones")
	set.BoolVar(&f.version, "version", false, "print the version and end")
	set.Usage = func() {
		fmt.Fprintln(stderr, "usage: pult [flags]                 serve the desk\n       pult [flags] backup FILE     write everything into a file\n       pult [flags] restore FILE    put a backup into an empty data folder\n       pult [flags] check           say whether configuration and data can be used\n\nflags:")
		set.PrintDefaults()
	}
	err := set.Parse(args)
	return f, set.Args(), err
}

// program is what every way of starting needs.
type program struct {
	flags   flags
	config  Config
	data    string // folder of this desk's data
	environ []string
	stdout  io.Writer
	stderr  io.Writer
	log     *slog.Logger
	cleanup func()
	open    func(url string) error // opens a browser
}

func prepare(f flags, environ []string, stdout, stderr io.Writer) (*program, error) {
	exe, err := executable()
	if err != nil {
		return nil, err
	}
	file := f.config
	if file == "" {
		file = DefaultConfigFile(exe, os.UserConfigDir)
	}
	cfg, err := LoadConfig(file, environ)
	if err != nil {
		return nil, err
	}
	for key, value := range map[string]string{"server": f.listen, "public": f.public} {
		if value == "" {
			continue
		}
		if err := cfg.Set(key, "listen", value); err != nil {
			return nil, fmt.Errorf("-%s: %w", map[string]string{"server": "listen", "public": "public"}[key], err)
		}
	}
	p := &program{flags: f, config: cfg, environ: environ, stdout: stdout, stderr: stderr, cleanup: func() {}, open: browser.OpenURL}
	p.log = logger(cfg.Log, stderr)
	return p, p.findData(exe, file)
}

// findData decides where the data lie; the demo throws its folder away unless one was named.
func (p *program) findData(exe, configFile string) (err error) {
	if p.flags.demo && p.flags.data == "" {
		if p.data, err = os.MkdirTemp("", "pult-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		p.cleanup = func() { _ = os.RemoveAll(p.data) }
		return nil
	}
	place := DataPlace{Flag: p.flags.data, ConfigFile: configFile, Exe: exe, UserConfigDir: os.UserConfigDir}
	if p.data, err = DataDir(place, p.config); err != nil {
		return err
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

func executable() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program's own file: %w", err)
	}
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		return real, nil
	}
	return exe, nil
}

func logger(c LogConfig, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// do runs the command that was asked for.
func (p *program) do(ctx context.Context, args []string) error {
	defer func() { p.cleanup() }()
	switch {
	case len(args) == 0:
		return p.serve(ctx)
	case len(args) == 2 && args[0] == "backup":
		return p.backup(ctx, args[1])
	case len(args) == 2 && args[0] == "restore":
		return p.restore(args[1])
	case len(args) == 1 && args[0] == "check":
		return p.check(ctx)
	}
	return errUsage
}
