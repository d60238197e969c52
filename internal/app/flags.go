package app

import (
	"flag"
	"fmt"
	"io"
)

// flags are what the command line says before the command.
type flags struct {
	config    string
	data      string
	listen    string
	public    string
	noBrowser bool
	demo      bool
	version   bool
}

const usage = `usage: pult [flags]                 serve the desk
       pult [flags] backup FILE     write everything into a file
       pult [flags] restore FILE    put a backup into an empty data folder
       pult [flags] check           say whether configuration and data can be used

flags:`

// parseFlags reads the command line. It says itself what it does not understand.
func parseFlags(args []string, stderr io.Writer) (f flags, command []string, err error) {
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
		fmt.Fprintln(stderr, usage)
		set.PrintDefaults()
	}
	err = set.Parse(args)
	return f, set.Args(), err
}
