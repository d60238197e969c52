package domain_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pult/domain"
)

func TestSecret_IsTextOnlyForTheDriver(t *testing.T) {
	c := domain.Channel{Secrets: map[string]domain.Secret{"token": "canary-0815-abcd"}}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(b), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c.Secrets["token"])} {
		if strings.Contains(shown, "canary") {
			t.Errorf("the credential shows: %s", shown)
		}
	}
	if got := c.Secrets["token"].Tail(); got != "abcd" {
		t.Errorf("got tail %q, want abcd", got)
	}
	if got := domain.Secret("short").Tail(); got != "" {
		t.Errorf("got tail %q of a short credential, want none", got)
	}
}
