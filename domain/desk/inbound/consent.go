package inbound

import (
	"slices"
	"strings"
	"unicode"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/search"
	"pult/domain/store"
)

// receiveConsent takes in that a vendor says what a customer refuses or accepts again. Somebody who never wrote here and
// is not known is nobody's contact: the vendor keeps their refusal.
func receiveConsent(tx *store.Tx, c *carrier.Connection, ch carrier.Change) error {
	for _, id := range ch.Who {
		contact, ok, err := tx.ContactByIdentity(id)
		if err != nil {
			return err
		}
		if ok {
			return thread.SetConsent(tx, c, &contact, refusalOn(c, ch.Kind == carrier.ContactOptedOut))
		}
	}
	return nil
}

// readConsent reads whether a customer said themselves, in a message of that one word, that they refuse messages or
// accept them again; "" = neither. What was said long ago, by a machine, or in a letter or on the shop's own page is no
// such word.
func readConsent(c *carrier.Connection, in carrier.InboundMessage) carrier.ChangeKind {
	caps := c.Capabilities()
	if in.From != domain.ByCustomer || in.Kind != domain.KindText || in.History || in.Automatic || caps.Visitors || caps.Mail {
		return ""
	}
	return readConsentWord(in.Text)
}

// heedConsent stores what a customer said.
func heedConsent(tx *store.Tx, c *carrier.Connection, contact domain.ID, said carrier.ChangeKind) error {
	who, err := tx.Contact(contact)
	if err != nil {
		return err
	}
	return thread.SetConsent(tx, c, &who, refusalOn(c, said == carrier.ContactOptedOut))
}

// refusalOn is what a channel's customer refuses by a word: everything, where the vendor then takes nothing to them.
func refusalOn(c *carrier.Connection, refuses bool) domain.Refusal {
	switch {
	case !refuses:
		return ""
	case c.Capabilities().RefusalLocks:
		return domain.RefusesAll
	}
	return domain.RefusesAdvertising
}

// The words by which customers refuse and accept messages, folded: those that carriers and vendors know, and their
// French and Czech likes. A word counts only when it is all that was said, and none of them is what somebody would say of
// an order: "zrušit" and "annuler" are not here.
var (
	refusingWords = []string{
		"stop", "stopall", "stop all", "unsubscribe", "opt out", "optout", "quit",
		"arret", "arreter", "stop sms", "desabonner", "desabonnement", "me desabonner", "desinscrire", "desinscription",
		"odhlasit", "odhlasit odber", "neposilat", "neposilejte", "uz neposilejte",
	}
	acceptingWords = []string{"start", "unstop", "subscribe", "reprendre", "reabonner", "me reabonner", "prihlasit", "posilejte"}
)

// readConsentWord reads a text that is nothing but one of those words.
func readConsentWord(text string) carrier.ChangeKind {
	if len(text) > 60 {
		return ""
	}
	words := strings.FieldsFunc(search.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch said := strings.Join(words, " "); {
	case slices.Contains(refusingWords, said):
		return carrier.ContactOptedOut
	case slices.Contains(acceptingWords, said):
		return carrier.ContactOptedIn
	}
	return ""
}
