package shop_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"pult/providers/simulator"
	"pult/providers/simulator/shop"
)

func TestShop_CarriesTheChatInThreeLanguages(t *testing.T) {
	s := simulator.New(simulator.Options{Chat: shop.Chat{Origin: "http://127.0.0.1:7859", Key: "demo-web"}})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	for lang, want := range map[string]string{
		"cs": "Kola U Přívozu",
		"fr": "Les Vélos du Bac",
		"en": "Ferry Lane Bicycles",
		"xx": "Ferry Lane Bicycles",
	} {
		page, head := get(t, s.ShopURL()+"?lang="+lang)
		if !strings.Contains(page, want) || !strings.Contains(page, `src="http://127.0.0.1:7859/widget.js?channel=demo-web"`) {
			t.Errorf("%s: the page lacks %q or the script", lang, want)
		}
		if policy := head.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src http://127.0.0.1:7859") ||
			strings.Contains(policy, "unsafe") {
			t.Errorf("got policy %q", policy)
		}
	}
	if css, _ := get(t, s.URL()+"/shop/shop.css"); !strings.Contains(css, ".hero") {
		t.Error("no style sheet")
	}
}

func TestShop_WithoutAChatThereIsNone(t *testing.T) {
	s := simulator.New(simulator.Options{})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	if s.ShopURL() != "" {
		t.Errorf("got %q, want no address", s.ShopURL())
	}
	res, err := http.Get(s.URL() + "/shop")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("got %d, want 404", res.StatusCode)
	}
}

func get(t *testing.T, address string) (string, http.Header) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), res.Header
}
