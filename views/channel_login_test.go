package views

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pult/domain"
)

func init() {
	addSample("channel/new with sign-in", func(v *Views, w io.Writer, lang string) error {
		f := sampleChannelForm()
		f.ID, f.Kind, f.Login = domain.ID{}, domain.Messenger, sampleOffer()
		f.Fields[0].Filled, f.Fields[1].Filled = true, true
		return v.ChannelFormPage(w, ChannelFormPage{Shell: sampleShell(lang), Form: f})
	})
	addSample("channel/page with sign-in", func(v *Views, w io.Writer, lang string) error {
		f := sampleChannelForm()
		f.Login = sampleOffer()
		return v.ChannelPage(w, ChannelPage{
			Shell:       sampleShell(lang),
			ChannelHead: ChannelHead{Row: sampleChannelRow()},
			Setup:       sampleSetup(),
			Form:        f,
		})
	})
	addSample("channel/login-page", func(v *Views, w io.Writer, lang string) error { return v.LoginPage(w, sampleLogin(lang)) })
	addSample("channel/login-page short", func(v *Views, w io.Writer, lang string) error {
		p := sampleLogin(lang)
		p.Short, p.Failure, p.Detail, p.Again = true, "Facebook refuses", "Invalid parameter", true
		return v.LoginPage(w, p)
	})
	addSample("channel/login-page cancelled", func(v *Views, w io.Writer, lang string) error {
		return v.LoginPage(w, LoginPage{
			Shell:   sampleShell(lang),
			ID:      domain.ID{4},
			Kind:    domain.Messenger,
			Label:   "Log in",
			Outcome: domain.LoginCancelled,
			Back:    "/settings/channels",
		})
	})
	addSample("channel/leave", func(v *Views, w io.Writer, lang string) error {
		return v.LeavePage(w, LeavePage{
			Shell:   sampleShell(lang),
			Kind:    domain.Messenger,
			Label:   "Log in",
			Address: "https://www.facebook.com/v25.0/dialog/oauth?client_id=1",
		})
	})
}

func sampleOffer() *LoginOffer {
	return &LoginOffer{
		Label:    "Log in with Facebook",
		Redirect: "http://127.0.0.1:7858/settings/channels/login/callback",
		Permissions: []PermissionView{
			{Name: "pages_messaging", Words: "Answer"}, {Name: "business_management", Words: "Find pages", Optional: true},
		},
	}
}

func sampleLogin(lang string) LoginPage {
	return LoginPage{
		Shell:    sampleShell(lang),
		ID:       domain.ID{4},
		Kind:     domain.Messenger,
		Label:    "Log in with Facebook",
		Outcome:  domain.LoginDone,
		Back:     "/settings/channels",
		Missing:  []PermissionView{{Name: "business_management", Words: "Find pages", Optional: true}},
		Accounts: []AccountView{{ID: "1", Name: "Servis kol", Chosen: true}, {ID: "2", Name: "Kavárna", Missing: "MESSAGING"}},
	}
}

func TestLoginPage_WithoutANeededPermissionNothingCanBeChosen(t *testing.T) {
	for short, want := range map[bool]bool{false: true, true: false} {
		p := sampleLogin("en")
		p.Short = short
		var b bytes.Buffer
		if err := newViews(t).LoginPage(&b, p); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), `name="account"`); got != want {
			t.Errorf("short %v: got a choice %v, want %v", short, got, want)
		}
		if !strings.Contains(b.String(), "business_management") {
			t.Errorf("short %v: the missing permission is not named", short)
		}
	}
}
