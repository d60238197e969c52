package views

import (
	"io"
	"time"

	"pult/domain"
)

func init() {
	addSample("signin/page", func(v *Views, w io.Writer, lang string) error {
		return v.SigninPage(w, SigninPage{Lang: lang, Title: "Sign in", Company: "Dvůr a Syn", Next: "/chats?view=mine", Demo: true})
	})
	addSample("signin/again", func(v *Views, w io.Writer, lang string) error {
		return v.SigninAgain(w, lang)
	})
	addSample("signin/page refused", func(v *Views, w io.Writer, lang string) error {
		return v.SigninPage(w, SigninPage{
			Lang:    lang,
			Title:   "Sign in",
			Email:   "Martin@example.org",
			Failure: "The password is wrong",
			Next:    "/chats",
		})
	})
	addSample("setup/page", func(v *Views, w io.Writer, lang string) error {
		return v.SetupPage(w, SetupPage{
			Lang:     lang,
			Title:    "Welcome",
			Language: domain.Czech,
			Company:  "Dvůr a Syn",
			Name:     "Martin Kučera",
			Email:    "M@example.org",
			Fields:   map[string]string{"password": "Too short"},
		})
	})
	addSample("setup/page locked", func(v *Views, w io.Writer, lang string) error {
		return v.SetupPage(w, SetupPage{Lang: lang, Title: "Welcome", Locked: true})
	})
	addSample("profile/page", func(v *Views, w io.Writer, lang string) error {
		return v.ProfilePage(w, ProfilePage{
			Shell:    sampleShell(lang),
			Name:     "Martin Kučera",
			Language: domain.French,
			Look:     "dark",
			EnterKey: true,
			Sound:    true,
			Saved:    true,
			Sessions: []ProfileSession{
				{ID: "0123456789abcdef", Browser: "Firefox on Linux", Since: sampleNow, Used: sampleNow, This: true},
				{ID: "fedcba9876543210", Browser: "Chrome on Windows", Since: sampleNow, Used: sampleNow},
			},
		})
	})
	addSample("profile/page with faults", func(v *Views, w io.Writer, lang string) error {
		return v.ProfilePage(w, ProfilePage{
			Shell:          bareShell(lang),
			SingleKeys:     true,
			Fields:         map[string]string{"name": "Too long"},
			PasswordFields: map[string]string{"old": "Not right"},
		})
	})
	addSample("operator/page", func(v *Views, w io.Writer, lang string) error { return v.OperatorsPage(w, sampleOperators(lang)) })
	addSample("operator/page, first of many", func(v *Views, w io.Writer, lang string) error {
		p := sampleOperators(lang)
		p.More = "/operators?after=abc"
		return v.OperatorsPage(w, p)
	})
	addSample("operator/more", func(v *Views, w io.Writer, lang string) error {
		p := sampleOperators(lang)
		p.More, p.Next = "/operators?after=def", true
		return v.OperatorsPage(w, p)
	})
	addSample("operator/page read only", func(v *Views, w io.Writer, lang string) error {
		p := sampleOperators(lang)
		p.Shell, p.Manage = bareShell(lang), false
		for i := range p.Columns {
			p.Columns[i].Shown = i == 1
		}
		return v.OperatorsPage(w, p)
	})
	addSample("operator/form new", func(v *Views, w io.Writer, lang string) error {
		return v.OperatorPage(w, OperatorPage{
			Shell:    sampleShell(lang),
			Role:     domain.RoleOperator,
			Language: domain.Czech,
			Fields:   map[string]string{"email": "Already taken"},
		})
	})
	addSample("operator/form", func(v *Views, w io.Writer, lang string) error {
		return v.OperatorPage(w, OperatorPage{
			Shell:   sampleShell(lang),
			ID:      domain.ID{9},
			Name:    "Alena Nováková",
			Email:   "Alena@example.org",
			Role:    domain.RoleSupervisor,
			Enabled: true,
		})
	})
	addSample("operator/form of oneself", func(v *Views, w io.Writer, lang string) error {
		return v.OperatorPage(w, OperatorPage{
			Shell:   sampleShell(lang),
			ID:      domain.ID{1},
			Name:    "Martin Kučera",
			Role:    domain.RoleAdministrator,
			Enabled: true,
			Self:    true,
		})
	})
	addSample("journal/page", func(v *Views, w io.Writer, lang string) error {
		return v.JournalPage(w, JournalPage{
			Shell:  sampleShell(lang),
			Done:   "Taken in again",
			Parked: []ParkedRow{sampleParked(), {ID: domain.ID{8}, Reason: "Unexpected end"}},
			Dead: []DeadRow{
				{
					ID:        domain.ID{4},
					Kind:      domain.JobDeliver,
					Failure:   "The window is closed",
					Detail:    "(#131047) Re-engagement message",
					Attempts:  8,
					CreatedAt: sampleNow.Add(-time.Hour),
				},
				{ID: domain.ID{5}, Kind: domain.JobFetch, Attempts: 1, CreatedAt: sampleNow},
			},
		})
	})
	addSample("journal/page empty", func(v *Views, w io.Writer, lang string) error {
		return v.JournalPage(w, JournalPage{Shell: sampleShell(lang)})
	})
	addSample("journal/parked", func(v *Views, w io.Writer, lang string) error {
		return v.ParkedPage(w, ParkedPage{
			Shell:     sampleShell(lang),
			ParkedRow: sampleParked(),
			Raw:       `{"Object": "Whatsapp"}`,
			Parsed:    `{"Messages": []}`,
		})
	})
	addSample("journal/parked still not understood", func(v *Views, w io.Writer, lang string) error {
		return v.ParkedPage(w, ParkedPage{Shell: sampleShell(lang), Raw: "Not JSON", Cut: true, NotTaken: "Invalid character"})
	})
}

func sampleParked() ParkedRow {
	return ParkedRow{
		ID:         domain.ID{7},
		Channel:    "WhatsApp Prodej",
		Reason:     "Cannot read the field",
		Tries:      3,
		Size:       2048,
		ReceivedAt: sampleNow.Add(-26 * time.Hour),
	}
}

func sampleOperators(lang string) OperatorsPage {
	p := OperatorsPage{Shell: sampleShell(lang), Manage: true, Rows: []OperatorRow{
		{
			ID:       domain.ID{1},
			Number:   1,
			Name:     "Martin Kučera",
			Email:    "Martin@example.org",
			Role:     domain.RoleAdministrator,
			Language: domain.Czech,
			Active:   true,
			Presence: domain.Online,
			Seen:     sampleNow,
		},
		{ID: domain.ID{9}, Number: 2, Name: "Laure Petit", Email: "Laure@example.org", Role: domain.RoleOperator},
	}}
	for _, key := range []string{"email", "role", "number", "presence", "seen", "language"} {
		p.Columns = append(p.Columns, OperatorColumn{Key: key, Words: "operators.column." + key, Shown: true})
	}
	return p
}
