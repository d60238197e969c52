package cloudapi

import (
	"cmp"

	"pult/domain"
	"pult/providers/simulator/world"
)

// SampleTemplates are templates a small shop would have: a delivery, a payment, a visit, in Czech, French and
// English, with named and numbered variables, a picture, a button with an address, one still under review and one
// refused.
func SampleTemplates() []world.Template {
	return []world.Template{
		sampleTemplate("5001", "delivery_on_the_way", "cs", "APPROVED", domain.MessageTemplate{
			HeaderKind: "text", Header: "Zásilka {{1}}",
			Body: "Dobrý den {{1}}, vaše zásilka přijde dnes mezi {{2}} a {{3}}.", Footer: "Servis kol",
			Buttons: []domain.TemplateButton{
				{Kind: "url", Text: "Sledovat", URL: "https://shop.example/t/{{1}}"},
				{Kind: "quick_reply", Text: "Nebudu doma"},
			},
			Examples: map[string]string{"header:1": "P-2041", "body:1": "Jano", "body:2": "10:00", "body:3": "12:00"},
		}),
		sampleTemplate("5002", "delivery_on_the_way", "fr", "APPROVED", domain.MessageTemplate{
			HeaderKind: "text", Header: "Colis {{1}}",
			Body: "Bonjour {{1}}, votre colis arrive aujourd’hui entre {{2}} et {{3}}.", Footer: "Atelier vélo",
			Buttons: []domain.TemplateButton{
				{Kind: "url", Text: "Suivre", URL: "https://shop.example/t/{{1}}"},
				{Kind: "quick_reply", Text: "Je serai absent"},
			},
			Examples: map[string]string{"header:1": "P-2041", "body:1": "Claire", "body:2": "10 h", "body:3": "12 h"},
		}),
		sampleTemplate("5003", "payment_received", "en", "APPROVED", domain.MessageTemplate{
			Body:     "Hello {{1}}, we received your payment of {{2}}. Thank you!",
			Examples: map[string]string{"body:1": "Jane", "body:2": "€ 49.00"},
		}),
		sampleTemplate("5004", "visit_reminder", "cs", "APPROVED", domain.MessageTemplate{
			Named: true, HeaderKind: "text", Header: "Termín {{den}}",
			Body: "Dobrý den {{jmeno}}, čekáme vás v {{cas}}.", Footer: "Servis kol",
			Buttons:  []domain.TemplateButton{{Kind: "quick_reply", Text: "Zrušit"}},
			Examples: map[string]string{"header:den": "úterý", "body:jmeno": "Jano", "body:cas": "10:00"},
		}),
		sampleTemplate("5005", "visit_reminder", "fr", "APPROVED", domain.MessageTemplate{
			Named: true, HeaderKind: "text", Header: "Rendez-vous {{jour}}",
			Body: "Bonjour {{nom}}, nous vous attendons à {{heure}}.", Footer: "Atelier vélo",
			Buttons:  []domain.TemplateButton{{Kind: "quick_reply", Text: "Annuler"}},
			Examples: map[string]string{"header:jour": "mardi", "body:nom": "Claire", "body:heure": "10 h"},
		}),
		sampleTemplate("5006", "bike_ready", "en", "APPROVED", domain.MessageTemplate{
			HeaderKind: "image", Body: "Good news, {{1}}: your bike is ready. We are open until 18:00.",
			Examples: map[string]string{"body:1": "Jane"},
		}),
		sampleTemplate("5007", "spring_voucher", "cs", "PENDING", domain.MessageTemplate{
			Category: "marketing", Body: "Jaro je tady! Ukažte kód a získáte slevu 10 %.",
			Buttons: []domain.TemplateButton{{Kind: "copy_code", Text: "Kopírovat kód"}},
		}),
		sampleTemplate("5008", "payment_overdue", "fr", "REJECTED", domain.MessageTemplate{
			Body:     "Bonjour {{1}}, le paiement de {{2}} reste attendu.",
			Examples: map[string]string{"body:1": "Claire", "body:2": "49 €"},
		}),
	}
}

func sampleTemplate(id, name, language, word string, t domain.MessageTemplate) world.Template {
	t.VendorID, t.Name, t.Language = id, name, language
	t.Category = cmp.Or(t.Category, "utility")
	return world.Template{MessageTemplate: t, Word: word}
}
