// Package app is the program: it reads the command line and the configuration, makes the parts, starts them and stops
// them. It is the only package that knows all others.
//
//	app.go        how the program is called, its commands and exit codes
//	flags.go      the command line
//	program.go    what every command needs: configuration, data folder, log
//	folder.go     the data folder: database, key, note of the running desk
//	backup.go     the commands backup, restore and check
//	damage.go     what is said of damaged data
//	running.go    a second start shows the desk that runs
//	serve.go      the command that serves: parts are made from the lowest up, started, waited for, stopped
//	server.go     the parts of a desk that is served
//	memory.go     how much memory the program takes, and when it gives it back
//	listeners.go  the two addresses and the names they answer to
//	vendors.go    the one list of vendors, and what the program lends them
//	demo.go       what -demo simulates: vendors, telephones, sample data
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Main is the program as the operating system starts it: with the process's own arguments, until it is told to stop.
func Main(version string) (code int) {
	debug.SetGCPercent(collectAt)
	debug.SetMemoryLimit(memoryBase) // until the desk serves: see memory
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, Invocation{
		Version: version,
		Args:    os.Args[1:],
		Environ: os.Environ(),
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
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

var errUsage = errors.New("wrong use; see pult -help")

// Run does what the command line says and returns the exit code when it has stopped.
func Run(ctx context.Context, in Invocation) (code int) {
	f, command, err := parseFlags(in.Args, in.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped
	case err != nil:
		return exitUsage // the flag package has said what is wrong
	case f.version:
		fmt.Fprintln(in.Stdout, "pult", in.Version)
		return exitStopped
	}
	err = runCommand(ctx, in, f, command)
	if err == nil {
		return exitStopped
	}
	fmt.Fprintln(in.Stderr, "pult:", err)
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

func runCommand(ctx context.Context, in Invocation, f flags, command []string) error {
	p, err := newProgram(in, f)
	if err != nil {
		return err
	}
	defer p.folder.discardTemporary()
	switch {
	case len(command) == 0:
		return p.serveDesk(ctx)
	case len(command) == 2 && command[0] == "backup":
		return p.writeBackup(ctx, command[1])
	case len(command) == 2 && command[0] == "restore":
		return p.restoreBackup(command[1])
	case len(command) == 1 && command[0] == "check":
		return p.checkData()
	}
	return errUsage
}
