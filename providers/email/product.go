package email

import (
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// Product says what it takes to connect a mailbox. The names of the fields are those of New's complaints.
func Product() carrier.Product {
	return carrier.Product{
		Driver: "email", Kind: domain.Email, Label: "provider.email.label", Fetches: true,
		Prerequisites: []string{"provider.email.before.mailbox", "provider.email.before.password"},
		Fields:        append(usualFields(), advancedFields()...),
		Presets:       listPresets(), PresetBy: "address",
		Faults: []carrier.Fault{
			{
				Code:  "IMAP-CONNECT",
				Key:   "provider.internal_address",
				Field: "imap_host",
				Words: "provider.internal_address",
			},
			{
				Code:  "SMTP-CONNECT",
				Key:   "provider.internal_address",
				Field: "smtp_host",
				Words: "provider.internal_address",
			},
			{Code: "IMAP-CONNECT", Field: "imap_host", Words: "provider.email.unreachable"},
			{Code: "SMTP-CONNECT", Field: "smtp_host", Words: "provider.email.unreachable"},
			{Code: "IMAP-TLS", Field: "imap_host", Words: "provider.email.certificate"},
			{Code: "SMTP-TLS", Field: "smtp_host", Words: "provider.email.certificate"},
			{Code: "IMAP-LOGIN", Field: "password", Words: "provider.email.login_imap"},
			{Code: "SMTP-LOGIN", Key: "provider.email.basic_off", Field: "password", Words: "provider.email.basic_off"},
			{Code: "SMTP-LOGIN", Field: "password", Words: "provider.email.login_smtp"},
			{Code: "IMAP-FOLDER", Field: "folder", Words: "provider.email.folder"},
			{Key: "provider.email.oauth_client", Field: "client_id", Words: "provider.email.oauth_client"},
			{Key: "provider.email.oauth_expired", Field: "refresh_token", Words: "provider.email.oauth_expired"},
		},
	}
}

// usualFields are the fields that everybody sees.
func usualFields() []carrier.Field {
	return []carrier.Field{
		{Name: "address", Label: "provider.email.field.address", Required: true, Into: "account"},
		{
			Name:  "sender_name",
			Label: "provider.email.field.sender_name",
			Help:  "provider.email.help.sender_name",
			Into:  "setting:sender_name",
		},
		{
			Name:   "password",
			Label:  "provider.email.field.password",
			Help:   "provider.email.help.password",
			Secret: true,
			Into:   "secret:password",
		},
		{
			Name:  "imap_host",
			Label: "provider.email.field.imap_host",
			Help:  "provider.email.help.host",
			Into:  "setting:imap_host",
		},
		{
			Name:  "smtp_host",
			Label: "provider.email.field.smtp_host",
			Help:  "provider.email.help.host",
			Into:  "setting:smtp_host",
		},
		{
			Name:    "start",
			Label:   "provider.email.field.start",
			Help:    "provider.email.help.start",
			Into:    "setting:start",
			Choices: startChoices,
		},
		{Name: "after", Label: "provider.email.field.after", Into: "setting:after", Choices: afterChoices},
		{
			Name:  "move_to",
			Label: "provider.email.field.move_to",
			Help:  "provider.email.help.move_to",
			Into:  "setting:move_to",
		},
	}
}

// advancedFields are the fields that are folded away.
func advancedFields() []carrier.Field {
	fields := []carrier.Field{
		{Name: "user", Label: "provider.email.field.user", Help: "provider.email.help.user", Into: "setting:user"},
		{Name: "imap_port", Label: "provider.email.field.imap_port", Into: "setting:imap_port"},
		{
			Name:    "imap_security",
			Label:   "provider.email.field.imap_security",
			Into:    "setting:imap_security",
			Choices: securityChoices,
		},
		{
			Name:  "smtp_user",
			Label: "provider.email.field.smtp_user",
			Help:  "provider.email.help.smtp_user",
			Into:  "setting:smtp_user",
		},
		{
			Name:   "smtp_password",
			Label:  "provider.email.field.smtp_password",
			Help:   "provider.email.help.smtp_user",
			Secret: true,
			Into:   "secret:smtp_password",
		},
		{Name: "smtp_port", Label: "provider.email.field.smtp_port", Into: "setting:smtp_port"},
		{
			Name:    "smtp_security",
			Label:   "provider.email.field.smtp_security",
			Into:    "setting:smtp_security",
			Choices: securityChoices,
		},
		{
			Name:  "folder",
			Label: "provider.email.field.folder",
			Help:  "provider.email.help.folder",
			Into:  "setting:folder",
		},
		{
			Name:    "sent_copy",
			Label:   "provider.email.field.sent_copy",
			Help:    "provider.email.help.sent_copy",
			Into:    "setting:sent_copy",
			Choices: providerChoices,
		},
		{
			Name:    "plus_address",
			Label:   "provider.email.field.plus_address",
			Help:    "provider.email.help.plus_address",
			Into:    "setting:plus_address",
			Choices: providerChoices,
		},
		{
			Name:  "trust_reply_to",
			Label: "provider.email.field.trust_reply_to",
			Help:  "provider.email.help.trust_reply_to",
			Into:  "setting:trust_reply_to",
		},
		{
			Name:  "fingerprint",
			Label: "provider.email.field.fingerprint",
			Help:  "provider.email.help.fingerprint",
			Into:  "setting:fingerprint",
		},
		{
			Name:  "client_id",
			Label: "provider.email.field.client_id",
			Help:  "provider.email.help.oauth",
			Into:  "setting:client_id",
		},
		{
			Name:   "client_secret",
			Label:  "provider.email.field.client_secret",
			Secret: true,
			Into:   "secret:client_secret",
		},
		{
			Name:   "refresh_token",
			Label:  "provider.email.field.refresh_token",
			Secret: true,
			Into:   "secret:refresh_token",
		},
		{Name: "token_url", Label: "provider.email.field.token_url", Address: true, Into: "setting:token_url"},
	}
	for i := range fields {
		fields[i].Advanced = true
	}
	return fields
}

// The choices of the fields that have some.
var (
	startChoices = []carrier.FieldChoice{
		{Value: "", Words: "provider.email.start.usual"}, {Value: "1", Words: "provider.email.start.1"},
		{Value: "7", Words: "provider.email.start.7"}, {Value: "30", Words: "provider.email.start.30"},
	}
	afterChoices = []carrier.FieldChoice{
		{
			Value: string(MarkSeen),
			Words: "provider.email.after.usual",
		}, {
			Value: string(Move),
			Words: "provider.email.after.move",
		},
		{Value: string(Delete), Words: "provider.email.after.delete"},
	}
	securityChoices = []carrier.FieldChoice{
		{Value: "", Words: "provider.email.security.usual"}, {Value: string(TLS), Words: "provider.email.security.tls"},
		{
			Value: string(StartTLS),
			Words: "provider.email.security.starttls",
		}, {
			Value: string(Plain),
			Words: "provider.email.security.none",
		},
	}
	providerChoices = []carrier.FieldChoice{
		{Value: "", Words: "provider.email.by_provider.usual"}, {Value: "yes", Words: "provider.email.by_provider.yes"},
		{Value: "no", Words: "provider.email.by_provider.no"},
	}
)

// ConfigOf reads what the form kept in a channel. Now and what only the program knows is left to the caller.
func ConfigOf(c domain.Channel) Config {
	s := c.Settings
	preset, _ := Product().PresetFor(c.Account)
	cfg := Config{
		Address: strings.TrimSpace(c.Account), SenderName: s["sender_name"],
		IMAP: Server{
			Host:     s["imap_host"],
			Port:     parsePort(s["imap_port"]),
			Security: Security(s["imap_security"]),
			User:     s["user"],
			Password: c.Secrets["password"],
		},
		SMTP: Server{
			Host:     s["smtp_host"],
			Port:     parsePort(s["smtp_port"]),
			Security: Security(s["smtp_security"]),
			User:     s["smtp_user"],
			Password: c.Secrets["smtp_password"],
		},
		OAuth: OAuth{
			TokenURL:     s["token_url"],
			ClientID:     s["client_id"],
			ClientSecret: c.Secrets["client_secret"],
			RefreshToken: c.Secrets["refresh_token"],
		},
		Folder: s["folder"], After: After(s["after"]), MoveTo: s["move_to"], Fingerprint: s["fingerprint"],
		TrustReplyTo: strings.FieldsFunc(
			strings.ToLower(s["trust_reply_to"]),
			func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' },
		),
	}
	if both, short := shortNames[preset.Name]; short && cfg.IMAP.User == "" {
		cfg.IMAP.User, _, _ = strings.Cut(cfg.Address, "@")
		if !both {
			cfg.SMTP.User = orDefault(cfg.SMTP.User, cfg.Address)
		}
	}
	cfg.Days, _ = strconv.Atoi(s["start"])
	cfg.SentCopy = isYes(s["sent_copy"], !isCopyKept(s["smtp_host"]))
	cfg.PlusAddress = isYes(s["plus_address"], plusNames[preset.Name])
	return cfg
}

// parsePort is 0 for the usual one, and one that cannot be for a text that is none.
func parsePort(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func isYes(chosen string, usual bool) bool { return chosen == "yes" || chosen == "" && usual }
