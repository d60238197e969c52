package hooks_test

import (
	"testing"

	"pult/internal/webtest"
)

func TestHealth_TellsMachinesOnlyThat(t *testing.T) {
	s := webtest.NewInstalled(t)
	s.Play([]webtest.Scene{
		{Name: "alive", Method: "GET", Path: "/healthz", Status: 200, Has: []string{"ok\n"}, HasNot: []string{"ult"}},
		{Name: "ready", Method: "GET", Path: "/readyz", Status: 200, Has: []string{"ok\n"}},
	})
}
