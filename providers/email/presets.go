package email

import (
	"strings"

	"pult/domain/carrier"
)

// The notes that providers' customers need.
const (
	noteApp   = "provider.email.note.app_password"
	noteTwo   = "provider.email.note.two_step"
	noteOAuth = "provider.email.note.oauth"
)

// The token endpoints of the companies that want OAuth.
const (
	googleTokens    = "https://oauth2.googleapis.com/token"
	microsoftTokens = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
)

// plusNames are the providers that deliver letters to name+anything@domain; of the others it is not known.
var plusNames = map[string]bool{"Gmail": true, "Outlook.com": true, "Microsoft 365": true}

// shortNames are the providers whose IMAP user name is only what stands before the @; the value says whether SMTP wants
// the same.
var shortNames = map[string]bool{"Free": true, "La Poste": true, "iCloud": false}

// isCopyKept tells the servers that put what they send into the Sent folder by themselves: a copy of ours would be the
// second.
func isCopyKept(smtpHost string) bool {
	h := strings.ToLower(smtpHost)
	return strings.HasSuffix(h, ".gmail.com") || strings.HasSuffix(h, ".office365.com") ||
		strings.HasSuffix(h, ".outlook.com") ||
		h == "smtp-mail.outlook.com"
}

// listPresets are the servers of well-known providers, as they publish them.
func listPresets() []carrier.Preset {
	return []carrier.Preset{
		tlsPreset(
			"Seznam",
			"imap.seznam.cz",
			"smtp.seznam.cz",
			noteTwo,
			"seznam.cz",
			"email.cz",
			"post.cz",
			"spoluzaci.cz",
		),
		tlsPreset("Orange", "imap.orange.fr", "smtp.orange.fr", "", "orange.fr", "wanadoo.fr"),
		tlsPreset("Free", "imap.free.fr", "smtp.free.fr", "", "free.fr"),
		tlsPreset("La Poste", "imap.laposte.net", "smtp.laposte.net", "", "laposte.net"),
		tlsPreset("SFR", "imap.sfr.fr", "smtp.sfr.fr", "", "sfr.fr"),
		tlsPreset("OVH", "ssl0.ovh.net", "ssl0.ovh.net", ""),
		tlsPreset("Gandi", "mail.gandi.net", "mail.gandi.net", ""),
		withValues(
			tlsPreset("Gmail", "imap.gmail.com", "smtp.gmail.com", noteApp, "gmail.com", "googlemail.com"),
			"token_url",
			googleTokens,
		),
		withValues(
			tlsPreset(
				"Outlook.com",
				"outlook.office365.com",
				"smtp-mail.outlook.com",
				noteOAuth,
				"outlook.com",
				"outlook.fr",
				"outlook.cz",
				"hotmail.com",
				"hotmail.fr",
				"hotmail.cz",
				"live.com",
				"live.fr",
				"msn.com",
			),
			"token_url",
			microsoftTokens,
			"smtp_port",
			"587",
		),
		withValues(
			tlsPreset("Microsoft 365", "outlook.office365.com", "smtp.office365.com", noteOAuth),
			"token_url",
			microsoftTokens,
			"smtp_port",
			"587",
		),
		withValues(
			tlsPreset("iCloud", "imap.mail.me.com", "smtp.mail.me.com", noteApp, "icloud.com", "me.com", "mac.com"),
			"smtp_port",
			"587",
		),
		tlsPreset("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", noteApp, "yahoo.com", "yahoo.fr", "ymail.com"),
		tlsPreset("Zoho", "imap.zoho.eu", "smtp.zoho.eu", noteTwo, "zoho.eu"),
		tlsPreset("Posteo", "posteo.de", "posteo.de", "", "posteo.de", "posteo.net"),
	}
}

// tlsPreset is a provider with TLS from the first byte on the usual ports.
func tlsPreset(name, imapHost, smtpHost, note string, domains ...string) carrier.Preset {
	return carrier.Preset{
		Name:    name,
		Domains: domains,
		Note:    note,
		Values:  map[string]string{"imap_host": imapHost, "smtp_host": smtpHost},
	}
}

// withValues adds values, given as pairs, to a preset.
func withValues(p carrier.Preset, pairs ...string) carrier.Preset {
	for i := 0; i < len(pairs); i += 2 {
		p.Values[pairs[i]] = pairs[i+1]
	}
	return p
}
