// Package talks holds the conversations of the demo as scripts: who talks with whom on which channel, what they say,
// and how the conversation stands. It is data only. Package demo turns a script into messages with times and
// identifiers and stores them; nothing here knows of the store or of the desk.
//
// The language of the scripts, from the whole to its parts:
//
//	talks.go      all scripts in one list
//	talk.go       one conversation
//	line.go       one thing said in it, and the words with which scripts say it
//	request.go    a request that is made from a line, and the names of its templates
//	person.go     the customers
//	operator.go   the operators
//	channel.go    the channels
//	file.go       voice notes, stickers and documents
//	picture.go    the pictures that customers send, and how they are drawn
//
// The scripts themselves:
//
//	czech.go      on the Czech number
//	french.go     on the French number
//	elsewhere.go  on the other channels on which people write
//	webchat.go    on the page of the shop
//	mail.go       by e-mail
//	calls.go      by telephone
package talks

import "slices"

// All lists every conversation of the demo. Those that began at the same moment are numbered in this order.
func All() []Talk {
	return slices.Concat(
		czechToday,
		frenchToday,
		onOtherChannels,
		onShopPage,
		byMail,
		byTelephone,
		czechBefore,
		frenchBefore,
	)
}
