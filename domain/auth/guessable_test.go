package auth_test

import (
	"errors"
	"testing"

	"pult/domain"
)

func TestCheckPassword_RefusesWhatIsTriedFirst(t *testing.T) {
	r, _, _ := installed(t) // of the company Dvůr
	jana := &domain.Operator{Name: "Jana Nováková", Email: "jnov@lampy-praha.example"}
	for password, want := range map[string]string{
		"short": "error.field.password",

		"Password123":     "error.field.password_common",
		"P@ssw0rd!2026":   "error.field.password_common",
		"motdepasse1":     "error.field.password_common",
		"MotDePasse!":     "error.field.password_common",
		"heslo12345":      "error.field.password_common",
		"TajneHeslo1":     "error.field.password_common",
		"1234567890":      "error.field.password_common",
		"0987654321":      "error.field.password_common",
		"qwertyuiop":      "error.field.password_common",
		"QWERTZUIOP":      "error.field.password_common",
		"azertyuiop":      "error.field.password_common",
		"poiuytreza":      "error.field.password_common",
		"123456qwerty":    "error.field.password_common",
		"abcdefghijkl":    "error.field.password_common",
		"1q2w3e4r5t":      "error.field.password_common",
		"aaaaaaaaaaaa":    "error.field.password_common",
		"1212121212":      "error.field.password_common",
		"abcabcabcabc":    "error.field.password_common",
		"iloveyou2026":    "error.field.password_common",
		"jetaime!!!!":     "error.field.password_common",
		"Sluníčko2026":    "error.field.password_common",
		"admin-admin":     "error.field.password_common",
		"welcome welcome": "error.field.password_common",
		"changeme2026":    "error.field.password_common",

		"Novakova12":      "error.field.password_own",
		"nováková2026":    "error.field.password_own",
		"JanaNovakova":    "error.field.password_own",
		"N0v4k0v4!!":      "error.field.password_own",
		"jnov-12345":      "error.field.password_common",
		"lampy-praha":     "error.field.password_own",
		"dvur-dvur-1":     "error.field.password_own",
		"Jana password 1": "error.field.password_own",

		"correct horse battery": "",
		"pommes vertes 26":      "",
		"tři lampy na stole":    "",
		"8362017493":            "",
		"xK9$wq!zR2":            "",
		"Novakova a 4 kocouři":  "",
	} {
		err := r.CheckPassword(t.Context(), password, jana)
		var e *domain.Error
		got := ""
		if errors.As(err, &e) {
			got = e.Fields["password"]
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", password, got, want)
		}
	}
}

// Each way to a new password goes by the same check.
func TestPasswords_GuessableOnesAreRefusedWhereverTheyAreSet(t *testing.T) {
	r, token, o := installed(t)
	wantKind(t, r.ChangePassword(t.Context(), o, token, password, "Password123"), domain.Invalid)
	wantKind(t, r.ChangePassword(t.Context(), o, token, password, "kucera-martin"), domain.Invalid)
	fresh := newRig(t)
	for _, guessable := range []string{"Password123", "Kucera-2026", "martin@example.org", "dvur dvur dvur"} {
		f := form()
		f.Password = guessable
		_, _, err := fresh.SetUp(t.Context(), fresh.SetUpToken(), f, "test")
		var e *domain.Error
		if !errors.As(err, &e) || e.Fields["password"] == "" {
			t.Errorf("%q at the set-up: got %v, want a fault of the password", guessable, err)
		}
	}
}
