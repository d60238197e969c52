// Package app is the program: it reads flags and configuration, builds the parts, starts them and stops them.
package app

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

	"github.com/cli/browser"

	"pult/internal/config"
)

// memoryLimit keeps the desktop's footprint small; under pressure Go collects more often instead of growing.
const memoryLimit = 96 << 20

// Main is the program as the operating system starts it: with the process's own arguments, until it is told to stop.
func Main(version string) (code int) {
	debug.SetMemoryLimit(memoryLimit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, Invocation{
		Version: version, Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr,
	})
}

// Invocation is how the program was called.
type Invocation struct {
	Version string   // of the program, for people
	Args    []string // of the command line, without the program's name
	Environ []string // in the form of os.Environ
	Stdout  io.Writer
	Stderr  io.Writer
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

// Run does what the command line says and returns the exit code when it has stopped.
func Run(ctx context.Context, in Invocation) (code int) {
	f, rest, err := parseFlags(in.Args, in.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitStopped
	}
	if err != nil {
		return exitUsage
	}
	if f.version {
		fmt.Fprintln(in.Stdout, "pult", in.Version)
		return exitStopped
	}
	p, err := prepare(f, in)
	if err == nil {
		err = p.do(ctx, rest)
	}
	switch {
	case err == nil:
		return exitStopped
	case errors.Is(err, errUsage):
		fmt.Fprintln(in.Stderr, "pult:", err)
		return exitUsage
	}
	fmt.Fprintln(in.Stderr, "pult:", err)
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
	Invocation
	flags   flags
	config  config.Config
	data    string // folder of this desk's data
	log     *slog.Logger
	cleanup func()
	open    func(url string) error // opens a browser
}

func prepare(f flags, in Invocation) (*program, error) {
	exe, err := executable()
	if err != nil {
		return nil, err
	}
	file := f.config
	if file == "" {
		file = config.DefaultFile(exe, os.UserConfigDir)
	}
	cfg, err := config.Load(file, in.Environ)
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
	p := &program{Invocation: in, flags: f, config: cfg, cleanup: func() {}, open: browser.OpenURL}
	p.log = logger(cfg.Log, in.Stderr)
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
	place := config.DataPlace{Flag: p.flags.data, ConfigFile: configFile, Exe: exe, UserConfigDir: os.UserConfigDir}
	if p.data, err = config.DataDir(place, p.config); err != nil {
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

func logger(c config.Log, w io.Writer) *slog.Logger {
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
