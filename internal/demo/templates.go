package demo

import (
	"pult/domain"
	"pult/internal/demo/talks"
	"pult/providers/simulator/world"
)

// requestTemplates are the shop's, in both languages of its customers.
func requestTemplates() []domain.RequestTemplate {
	return []domain.RequestTemplate{
		{
			Name:        talks.Complaint,
			Title:       "Reklamace – ",
			Description: "Zboží a datum nákupu:\nPopis závady:\nPožadavek zákazníka:",
			Priority:    domain.High,
			Tags:        []string{"reklamace"},
		},
		{
			Name:        talks.Order,
			Title:       "Objednávka – ",
			Description: "Položky a množství:\nZpůsob dopravy:",
			Priority:    domain.Normal,
			Tags:        []string{"objednávka"},
		},
		{Name: talks.Question, Title: "Dotaz – ", Priority: domain.Low, Tags: []string{"dotaz"}},
		{
			Name:        talks.ComplaintFR,
			Title:       "Réclamation – ",
			Description: "Article et date d’achat :\nDéfaut constaté :\nSouhait du client :",
			Priority:    domain.High,
			Tags:        []string{"réclamation"},
		},
		{
			Name:        talks.OrderFR,
			Title:       "Commande – ",
			Description: "Articles et quantités :\nLivraison :",
			Priority:    domain.Normal,
			Tags:        []string{"commande"},
		},
		{Name: talks.QuestionFR, Title: "Question – ", Priority: domain.Low, Tags: []string{"question"}},
	}
}

// messageTemplates are what the shop had approved by the vendor.
func messageTemplates() []world.Template {
	return []world.Template{
		approve("5101", "delivery_on_the_way", "cs", domain.MessageTemplate{
			HeaderKind: "text",
			Header:     "Zásilka {{1}}",
			Body:       "Dobrý den, {{1}}, vaše zásilka dorazí dnes mezi {{2}} a {{3}}.",
			Footer:     "Domácí zboží a káva",
			Buttons: []domain.TemplateButton{{
				Kind: "url",
				Text: "Sledovat",
				URL:  "https://shop.example/t/{{1}}",
			}, {
				Kind: "quick_reply",
				Text: "Nebudu doma",
			}},
			Examples: map[string]string{
				"header:1":   "P-2041",
				"body:1":     "paní Nová",
				"body:2":     "10:00",
				"body:3":     "12:00",
				"button:0:1": "2041",
			},
		}),
		approve("5102", "delivery_on_the_way", "fr", domain.MessageTemplate{
			HeaderKind: "text",
			Header:     "Colis {{1}}",
			Body:       "Bonjour {{1}}, votre colis arrive aujourd’hui entre {{2}} et {{3}}.",
			Footer:     "Arts de la table et café",
			Buttons: []domain.TemplateButton{{
				Kind: "url",
				Text: "Suivre",
				URL:  "https://shop.example/t/{{1}}",
			}, {
				Kind: "quick_reply",
				Text: "Je serai absent",
			}},
			Examples: map[string]string{
				"header:1":   "P-2041",
				"body:1":     "Claire",
				"body:2":     "10 h",
				"body:3":     "12 h",
				"button:0:1": "2041",
			},
		}),
		approve("5103", "payment_received", "en", domain.MessageTemplate{
			Body:     "Hello {{1}}, we received your payment of {{2}}. Thank you!",
			Examples: map[string]string{"body:1": "Jane", "body:2": "€ 49.00"},
		}),
		approve("5104", "visit_reminder", "cs", domain.MessageTemplate{
			Named:      true,
			HeaderKind: "text",
			Header:     "Servis: {{den}}",
			Body:       "Dobrý den, {{jmeno}}, čekáme vás v dílně v {{cas}}.",
			Footer:     "Domácí zboží a káva",
			Buttons: []domain.TemplateButton{{
				Kind: "quick_reply",
				Text: "Přijdu",
			}, {
				Kind: "quick_reply",
				Text: "Zrušit",
			}},
			Examples: map[string]string{"header:den": "úterý", "body:jmeno": "paní Nová", "body:cas": "10:00"},
		}),
		approve("5105", "visit_reminder", "fr", domain.MessageTemplate{
			Named:      true,
			HeaderKind: "text",
			Header:     "Atelier : {{jour}}",
			Body:       "Bonjour {{nom}}, nous vous attendons à l’atelier à {{heure}}.",
			Footer:     "Arts de la table et café",
			Buttons: []domain.TemplateButton{{
				Kind: "quick_reply",
				Text: "Je viendrai",
			}, {
				Kind: "quick_reply",
				Text: "Annuler",
			}},
			Examples: map[string]string{"header:jour": "mardi", "body:nom": "Claire", "body:heure": "10 h"},
		}),
		approve("5106", "repair_ready", "cs", domain.MessageTemplate{
			HeaderKind: "image",
			Body:       "Dobrá zpráva, {{1}}: váš kávovar je opravený. Otevřeno máme do 18:00.",
			Examples:   map[string]string{"body:1": "pane Dvořáku"},
		}),
		withWord("PENDING", approve("5107", "spring_voucher", "cs", domain.MessageTemplate{
			Category: "marketing",
			Body:     "Jaro je tady! Ukažte kód a získáte slevu 10 % na filtrovanou kávu.",
			Buttons:  []domain.TemplateButton{{Kind: "copy_code", Text: "Kopírovat kód"}},
		})),
		withWord("REJECTED", approve("5108", "payment_overdue", "fr", domain.MessageTemplate{
			Body:     "Bonjour {{1}}, le paiement de {{2}} reste attendu.",
			Examples: map[string]string{"body:1": "Claire", "body:2": "49 €"},
		})),
	}
}

// approve makes a template that the vendor approved, for utility unless it names another category.
func approve(id, name, language string, t domain.MessageTemplate) world.Template {
	t.VendorID, t.Name, t.Language = id, name, language
	if t.Category == "" {
		t.Category = "utility"
	}
	return world.Template{MessageTemplate: t, Word: "APPROVED"}
}

// withWord gives a template another word of the vendor for how it stands.
func withWord(word string, t world.Template) world.Template {
	t.Word = word
	return t
}
