// Command pult is a conversation desk in one file: customers write by WhatsApp and other channels, operators answer
// from a page on localhost or the LAN.
//
// What it does when it is started is in internal/app.
package main

import (
	"os"
	_ "time/tzdata" // Windows has no time zones of its own

	"pult/internal/app"
)

// version is set by the release build with -ldflags "-X main.version=…".
var version = "development"

func main() {
	os.Exit(app.Main(version))
}
