package main

import (
	"embed"
	"io/fs"
)

// helpPages are the guides to the kinds of channel, one for each driver and language, as the program shows them at /help.
//
//go:embed docs/channels/*.md
var helpPages embed.FS

// help is the folder in which handlers look for channels/<driver>.<language>.md.
func help() fs.FS {
	sub, err := fs.Sub(helpPages, "docs")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
