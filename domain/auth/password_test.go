package auth_test

import (
	"strings"
	"testing"

	"pult/domain/auth"
)

func TestHash_VerifiesOnlyItsOwnPassword(t *testing.T) {
	hash, err := auth.Hash("žluťoučký kůň")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %q, want argon2id in PHC form", hash)
	}
	again, _ := auth.Hash("žluťoučký kůň")
	if hash == again {
		t.Error("two hashes of one password are the same: the salt is missing")
	}
	for password, want := range map[string]bool{"žluťoučký kůň": true, "zlutoucky kun": false, "": false} {
		if got := auth.Verify(hash, password); got != want {
			t.Errorf("Verify(%q): got %v, want %v", password, got, want)
		}
	}
}

func TestVerify_RefusesWhatIsNoHash(t *testing.T) {
	hash, err := auth.Hash("password")
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"empty":            "",
		"plain text":       "password",
		"another kind":     strings.Replace(hash, "argon2id", "argon2i", 1),
		"cut":              hash[:len(hash)-30],
		"no key":           hash[:strings.LastIndex(hash, "$")+1],
		"endless memory":   strings.Replace(hash, "m=19456", "m=4294967295", 1),
		"no pass":          strings.Replace(hash, "t=2", "t=0", 1),
		"not base64":       hash[:len(hash)-1] + "!",
		"other parameters": strings.Replace(hash, "m=19456", "m=19457", 1),
	} {
		if auth.Verify(bad, "password") {
			t.Errorf("%s: %q was accepted", name, bad)
		}
	}
}
