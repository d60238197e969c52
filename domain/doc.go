// Package domain holds the nouns of Pult and the rules that need nothing but them.
//
// It imports the standard library only and does no I/O: time, identifiers and randomness come in
// as arguments. What one can do with the nouns lives below domain/desk, how they are kept in domain/store.
//
// # Glossary
//
//	Operator      a person who answers customers (never "user" or "agent": an AI agent is an Assistant)
//	Channel       one connected business account, such as a WhatsApp number (never "inbox" or "integration")
//	Contact       a person outside, known by a set of identities; a telephone number is optional
//	Company       the firm a contact belongs to
//	Conversation  all messages between one contact identity and one channel; people see its number
//	Message       one thing said, in or out, or an activity line between them
//	Request       a piece of work made from messages; many messages, many requests (never "ticket")
//	Beacon        the lamp of a conversation whose customer waits for an answer
//	Window        the time in which a channel lets us write freely after the customer's last message
//	Journal       raw webhooks as they came, synced before they are acknowledged
//	Event         a numbered fact about something that changed, told to open pages
//
// # Files
//
// A noun is declared in the file of its name and kept in the file of the same name in domain/store: JournalEntry in
// journal_entry.go. What only exists as a part of a noun, such as the state of a message or an attachment, stays with
// it. Rules that need one noun are its methods. What several nouns share has files of its own:
//
//	id            identifiers, and how those of parts follow from that of the whole
//	error         refusals that can be told to a person, and faults of forms
//	permission    what each role may do, and who may use a channel
//	identity, language, status, secret, failure, text
//
// # Stored form
//
// The cbor tags number the fields of everything that is stored. A number is never used again for another meaning; a
// field that goes leaves a gap. The tags are plain text here: only domain/store knows the codec.
package domain
