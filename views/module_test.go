package views

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func sampleModule() ModuleView {
	return ModuleView{On: true, Complete: 1, Steps: []ModuleStep{
		{Words: "module.step.connection", Hint: "module.step.connection_hint", Link: "/settings/channels/1", Done: true},
		{Words: "module.step.operators", Hint: "module.step.operators_hint", Link: "/settings/channels/1/operators"},
		{Words: "module.step.templates", Hint: "module.step.templates_hint", Link: "/settings/channels/2/templates"},
	}}
}

func init() {
	addSample("module/page on", func(v *Views, w io.Writer, lang string) error {
		return v.ModulePage(w, ModulePage{sampleShell(lang), sampleModule()})
	})
	addSample("module/page off", func(v *Views, w io.Writer, lang string) error {
		s := sampleShell(lang)
		s.ChatsOff = true
		return v.ModulePage(w, ModulePage{Shell: s})
	})
	addSample("module/settings", func(v *Views, w io.Writer, lang string) error { return v.ModuleSettings(w, lang, sampleModule()) })
	addSample("module/off", func(v *Views, w io.Writer, lang string) error {
		return v.ModuleOffPage(w, ModuleOffPage{sampleShell(lang)})
	})
	addSample("module/off to an operator", func(v *Views, w io.Writer, lang string) error {
		return v.ModuleOffPage(w, ModuleOffPage{bareShell(lang)})
	})
	addSample("live/module", func(v *Views, w io.Writer, lang string) error { return v.LiveModule(w, sampleShell(lang)) })
	addSample("live/module off", func(v *Views, w io.Writer, lang string) error {
		return v.LiveModule(w, Shell{Lang: lang, ChatsOff: true})
	})
}

func TestModuleSettings_ProgressIsToldInWordsToo(t *testing.T) {
	var b bytes.Buffer
	if err := newViews(t).ModuleSettings(&b, "en", sampleModule()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 of 3 complete", "Connection<span class=\"sr-only\"> – complete", "Operators<span class=\"sr-only\"> – not complete yet", `role="switch"`, `href="/settings/channels/2/templates"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the settings lack %q in:\n%s", want, b.String())
		}
	}
	if got := strings.Count(b.String(), "data-done"); got != 1 {
		t.Errorf("got %d steps ticked, want 1", got)
	}
}
