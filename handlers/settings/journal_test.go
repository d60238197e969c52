package settings_test

import (
	"net/url"
	"testing"

	"pult/domain"
	"pult/internal/webtest"
)

func TestJournal_IsForAdministrators(t *testing.T) {
	s := webtest.NewInstalled(t)
	id := "/settings/journal/" + domain.ID{1}.String()
	s.Play([]webtest.Scene{
		{
			Name:   "administrator",
			Who:    "admin",
			Method: "GET",
			Path:   "/settings/journal",
			Status: 200,
			Has:    []string{"Every webhook was understood", "No work was given up"},
		},
		{Name: "supervisor", Who: "supervisor", Method: "GET", Path: "/settings/journal", Status: 403},
		{Name: "agent", Who: "agent", Method: "GET", Path: "/settings/journal", Status: 403},
		{Name: "agent's rail", Who: "agent", Method: "GET", Path: "/operators", Status: 200, HasNot: []string{"/settings/journal"}},
		{Name: "agent replays", Who: "agent", Method: "POST", Path: id + "/replay", Form: url.Values{}, Status: 403},
		{Name: "nothing to replay", Who: "admin", Method: "POST", Path: id + "/replay", Form: url.Values{}, Status: 404},
		{Name: "agent saves", Who: "agent", Method: "GET", Path: id + "/body", Status: 403},
		{Name: "nothing to save", Who: "admin", Method: "GET", Path: id + "/body", Status: 404},
		{Name: "nothing to show", Who: "admin", Method: "GET", Path: id, Status: 404},
	})
}

func TestJournal_ShowsAndReplaysWhatWasParked(t *testing.T) {
	s := webtest.NewInstalled(t)
	e := s.Park(`{"object":"whatsapp_business_account","text":"<script>alert(1)</script>"}`)
	path := "/settings/journal/" + e.String()
	s.Play([]webtest.Scene{
		{Name: "listed", Who: "admin", Method: "GET", Path: "/settings/journal", Status: 200, Has: []string{path, "field missing"}},
		{
			Name:   "looked at",
			Who:    "admin",
			Method: "GET",
			Path:   path,
			Status: 200,
			Has:    []string{"field missing", "whatsapp_business_account", "&lt;script&gt;", "no vendor in this test"},
			HasNot: []string{"<script>alert"},
		},
		{Name: "whole", Who: "admin", Method: "GET", Path: path + "/body", Status: 200, Has: []string{"<script>alert(1)</script>"}},
		{
			Name:   "dropped",
			Who:    "admin",
			Method: "POST",
			Path:   path + "/drop",
			Form:   url.Values{},
			Status: 303,
			To:     "/settings/journal?done=drop",
		},
		{
			Name:   "gone",
			Who:    "admin",
			Method: "GET",
			Path:   "/settings/journal?done=drop",
			Status: 200,
			Has:    []string{"Dropped."},
			HasNot: []string{path},
		},
	})
}
