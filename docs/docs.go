// Package docs holds the pages about Pult. The program carries those that its users read in it.
package docs

import "embed"

// Guides are the guides to the kinds of channel, one for each driver and language: channels/<driver>.<language>.md.
// The program shows them at /help.
//
//go:embed channels/*.md
var Guides embed.FS
