package talks

import (
	"time"

	"pult/domain"
)

// frenchToday are the conversations of the French number of the last hours.
var frenchToday = []Talk{
	{
		Channel:  FrenchWhatsApp,
		With:     frenchPerson("Claire Dubois", "+33612345601").atCompany("Hôtel Bellevue"),
		Ago:      4 * time.Minute,
		Assignee: Laure,
		Tags:     []string{"hôtel"},
		Lines:    bellevueLines,
	},
	{Channel: FrenchWhatsApp, With: frenchPerson("Julien Moreau", "+33612345602"), Ago: 9 * time.Minute, Lines: []Line{
		theySay("Bonjour, livrez-vous en Corse ?"),
		theySay("Il s’agirait d’une machine à café et de 3 kg de grains.").after(time.Minute),
		theySay("Et quel serait le délai ?"),
	}},
	{
		Channel:  FrenchWhatsApp,
		With:     frenchPerson("Sophie Laurent", "+33612345603"),
		Ago:      130 * time.Minute,
		Opened:   true,
		Assignee: Laure,
		Lines: []Line{
			theySay("Bonjour, le colis est arrivé enfoncé."),
			theySay("").withFile(dentedParcel).after(time.Minute).becomesRequest(Request{
				Title:       "Colis enfoncé, deux tasses brisées",
				Template:    ComplaintFR,
				Description: "Photo dans la conversation. La cliente souhaite un nouvel envoi.",
				Status:      domain.StatusOpen,
				Priority:    domain.High,
				DueIn:       2,
				Tags:        []string{"réclamation", "transport"},
				Assignee:    Laure,
			}),
			weSay(Laure, "Bonjour Madame Laurent, nous en sommes désolés. Le contenu est-il abîmé ?"),
			theySay("Deux tasses sont brisées, les autres sont intactes.").underRequest(1),
			weSay(
				Laure,
				"Je lance un nouvel envoi des deux tasses. Pouvez-vous garder le carton quelques jours pour le transporteur ?",
			).underRequest(1),
			theySay("Oui, bien sûr. Quand arriveraient-elles ? Nous recevons samedi.").after(25 * time.Minute),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Auberge du Lac – Mathieu Girard", "+33612345604").atCompany("Auberge du Lac"),
		Ago:     3*time.Hour + 20*time.Minute,
		Status:  domain.StatusPending,
		Tags:    []string{"hôtel"},
		Lines: []Line{
			theySay("Bonjour, auriez-vous 40 assiettes plates blanches, 27 cm ?"),
			weSay(Laure, "Bonjour, oui, 52 en stock. Je vous les réserve ?"),
			theySay("Oui, pour une livraison jeudi si possible.").becomesRequest(Request{
				Title:       "40 assiettes plates 27 cm",
				Template:    OrderFR,
				Description: "40 assiettes plates blanches 27 cm, livraison jeudi.",
				Status:      domain.StatusPending,
				DueIn:       3,
				Tags:        []string{"commande", "hôtel"},
				Assignee:    Laure,
			}),
			weSay(Laure, "C’est noté, voici le devis.").withFile(pdfFile("devis-auberge-du-lac.pdf")).underRequest(1),
			theySay("Je le fais valider par la direction et je reviens vers vous.").after(20 * time.Minute),
			weSay(Laure, "Parfait, la réservation tient jusqu’à demain soir.").onlyUpTo(domain.StateDelivered),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    Person{Name: "Petr Šimek", Phone: "+420602111230", Language: domain.Czech},
		Ago:     4*time.Hour + 30*time.Minute,
		Lines: []Line{
			theySay("Dobrý den, píšu na správné číslo? Jsem teď v Lyonu a potřebuji náhradní filtr."),
			weSay(Martin, "Dobrý den, ano, rozumíme i česky. Který kávovar máte?"),
			theySay("Ten malý pákový, filtr na dvě porce."),
			weSay(Martin, "Máme, pošleme ho z Francie, dorazí pozítří. Stačí adresa."),
			theySay("").withLocation("Apartmán", "12 rue Mercière, Lyon", 45.7638, 4.8336),
			weSay(Martin, "Děkuji, odesláno.").withReaction("👍"),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Camille Bernard", "+33612345605"),
		Ago:     8 * time.Hour,
		Status:  domain.StatusResolved,
		Lines: []Line{
			theySay("Bonjour, les couteaux Laguiole passent-ils au lave-vaisselle ?"),
			weSay(Laure, "Bonjour, nous le déconseillons : le bois du manche n’aime pas l’humidité."),
			theySay("Merci pour la franchise 😊").withReaction("❤️"),
			weDo(Laure, "activity.status_changed", "resolved"),
		},
	},
}

// bellevueLines are those of the hotel that equips its breakfast room.
var bellevueLines = []Line{
	theySay("Bonjour, nous rééquipons la salle du petit-déjeuner cet hiver.").after(0),
	weSay(Laure, "Bonjour Madame Dubois, avec plaisir. Combien de couverts ?"),
	theySay("80 couverts, et deux machines à café de comptoir.").becomesRequest(Request{
		Title:       "Salle du petit-déjeuner : 80 couverts, 2 machines",
		Template:    OrderFR,
		Description: "80 couverts complets\n2 machines à café de comptoir\nLivraison avant le 15 décembre",
		Status:      domain.StatusOpen,
		Priority:    domain.High,
		DueIn:       6,
		Tags:        []string{"commande", "hôtel"},
		Assignee:    Laure,
	}),
	weSay(Laure, "Je vous prépare deux propositions pour demain matin.").withReaction("👍"),
	weDo(Laure, "activity.assigned", "Laure Petit"),
	weSay(
		Laure,
		"Voici les deux devis.",
	).withFile(pdfFile("devis-bellevue-A.pdf")).
		after(20 * time.Hour).
		underRequest(1),
	weSay(Laure, "").withFile(pdfFile("devis-bellevue-B.pdf")).after(time.Minute).underRequest(1),
	theySay("Merci ! La proposition B nous plaît, sauf les tasses.").after(2 * time.Hour).quoting(1),
	theySay("").withFile(voiceNote).after(time.Minute),
	weSay(Laure, "Je comprends. La série Sauge existe aussi en 12 cl, je remplace ?"),
	theySay("Oui, parfait."),
	weSay(Laure, "Le devis corrigé part ce soir.").underRequest(1),
	theySay("").withCard("Luc Fabre", "Hôtel Bellevue", "+33612345690", "compta@bellevue.example").after(time.Hour),
	theySay("Luc s’occupe de la facturation.").after(time.Minute),
	weSay(Laure, "C’est noté, merci.").onlyUpTo(domain.StateRead),
	theySay("Dernière question : assurez-vous l’entretien des machines ?").after(3 * time.Hour),
}

// frenchBefore are the conversations of the French number of the days before.
var frenchBefore = []Talk{
	{
		Channel:  FrenchWhatsApp,
		With:     frenchPerson("Antoine Lefèvre", "+33612345606"),
		Ago:      16 * time.Hour,
		Assignee: Laure,
		Lines: []Line{
			theySay("Bonsoir, mon moulin fait un bruit étrange depuis ce matin."),
			weSay(
				Laure,
				"Bonsoir, un petit caillou dans les grains, peut-être. Pouvez-vous nous envoyer un message vocal ?",
			),
			theySay("").withFile(voiceNote),
			weSay(Laure, "C’est bien cela. Videz la trémie et faites-le tourner à vide, meules ouvertes."),
			theySay("Ça remarche, merci beaucoup !").after(15 * time.Minute).withReaction("👍"),
			weSay(Laure, "Avec plaisir. Bonne soirée !"),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Hôtel des Remparts – Inès Faure", "+33612345607").atCompany("Hôtel des Remparts"),
		Ago:     22 * time.Hour,
		Tags:    []string{"hôtel"},
		Lines: []Line{
			theySay("Bonjour, il nous manque 6 cuillères à moka dans la livraison."),
			weSay(
				Laure,
				"Bonjour, en effet, elles sont restées à l’entrepôt. Elles partent aujourd’hui.",
			).becomesRequest(Request{
				Title:    "6 cuillères à moka manquantes",
				Template: ComplaintFR,
				Status:   domain.StatusResolved,
				Tags:     []string{"réclamation", "hôtel"},
				Assignee: Laure,
			}),
			weSendTemplate(Laure, "delivery_on_the_way", "fr", map[string]string{
				"header:1":   "P-2036",
				"body:1":     "Inès",
				"body:2":     "14 h",
				"body:3":     "16 h",
				"button:0:1": "2036",
			}).after(3 * time.Hour).onlyUpTo(domain.StateDelivered),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Nathalie Rousseau", "+33612345608"),
		Ago:     28 * time.Hour,
		Status:  domain.StatusPending,
		Lines: []Line{
			theySay("Bonjour, je cherche un cadeau pour un amateur de thé, budget 60 €."),
			weSay(Laure, "Bonjour, une théière en fonte avec deux tasses, 58 € ?"),
			theySay("Jolie idée. En bleu ?"),
			weSay(Laure, "Bleu nuit, oui. Je vous la mets de côté jusqu’à samedi."),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    Person{Name: "Ruth Miller", Phone: "+447700900123", Language: domain.English},
		Ago:     40 * time.Hour,
		Status:  domain.StatusResolved,
		Lines: []Line{
			theySay("Hi, I am staying in Annecy – do you sharpen knives while I wait?"),
			weSay(Tom, "Hi Ruth, yes, in the workshop on weekdays before noon, about 20 minutes."),
			theySay("Wonderful, see you tomorrow at ten."),
			weSay(Tom, "See you then!"),
			weDo(Tom, "activity.status_changed", "resolved"),
		},
	},
	{
		Channel:  FrenchWhatsApp,
		With:     frenchPerson("Thomas Mercier", "+33612345609"),
		Ago:      2*day + 5*time.Hour,
		Status:   domain.StatusEscalated,
		Assignee: Alena,
		Lines: []Line{
			theySay("Troisième message : ma machine est chez vous depuis un mois."),
			weSay(
				Laure,
				"Bonjour Monsieur Mercier, je transmets tout de suite à ma responsable.",
			).becomesRequest(Request{
				Title:       "Réparation en retard d’un mois",
				Template:    ComplaintFR,
				Description: "Le client attend depuis un mois. Proposer un échange.",
				Status:      domain.StatusOpen,
				Priority:    domain.Urgent,
				DueIn:       1,
				Tags:        []string{"réclamation", "atelier"},
				Assignee:    Alena,
			}),
			weDo(Laure, "activity.assigned", "Alena Nováková"),
			weSay(
				Alena,
				"Bonjour, je suis la responsable de l’atelier. Nous vous échangeons la machine contre une neuve.",
			).after(40 * time.Minute).
				underRequest(1),
			theySay("Voilà une réponse. Merci.").after(2 * time.Hour),
			weSay(Alena, "Elle part demain, vous recevrez le suivi.").onlyUpTo(domain.StateDelivered),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Élodie Garnier", "+33612345610"),
		Ago:     3*day + 6*time.Hour,
		Status:  domain.StatusResolved,
		Lines: []Line{
			theySay("Bonjour, est-ce que le café d’Éthiopie convient au piston ?"),
			weSay(Laure, "Bonjour, très bien, en mouture grossière. Nous pouvons le moudre."),
			theySay("Alors un kilo moulu, merci."),
			weSay(Laure, "C’est prêt, vous pouvez passer."),
			weDo(Laure, "activity.status_changed", "resolved"),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Marc Olivier", "+33612345611"),
		Ago:     5*day + 2*time.Hour,
		Status:  domain.StatusClosed,
		Lines: []Line{
			theySay("Bonjour, je souhaite retourner la bouilloire achetée mardi."),
			weSay(
				Laure,
				"Bonjour, c’est possible sous 14 jours. Voici l’étiquette de retour.",
			).withFile(pdfFile("etiquette-retour.pdf")),
			theySay("Reçu, je la dépose demain."),
			weSay(Laure, "Le remboursement est fait.").after(2 * day),
			weDo(Laure, "activity.status_changed", "closed"),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    frenchPerson("Restaurant L’Étoile – Hugo Blanc", "+33612345612").atCompany("Restaurant L’Étoile"),
		Ago:     6*day + 3*time.Hour,
		Status:  domain.StatusClosed,
		Tags:    []string{"hôtel"},
		Lines: []Line{
			theySay("Bonjour, pouvez-vous graver notre logo sur 200 sous-verres ?"),
			weSay(Alena, "Bonjour, oui, comptez dix jours."),
			theySay("Et le prix à l’unité ?"),
			weSay(Alena, "2,40 € hors taxes."),
			theySay("C’est un peu cher pour nous, merci quand même."),
			weDo(Alena, "activity.status_changed", "closed"),
		},
	},
	{
		Channel: FrenchWhatsApp,
		With:    Person{Username: "atelier.lumiere", Language: domain.French},
		Ago:     8*day + 5*time.Hour,
		Status:  domain.StatusClosed,
		Lines: []Line{
			theySay("bonjour, faites-vous des ateliers pour les entreprises ?"),
			weSay(
				Laure,
				"Bonjour, oui, jusqu’à 12 personnes. Je vous envoie le programme.",
			).withFile(pdfFile("programme-ateliers.pdf")),
			theySay("parfait, merci"),
			weDo(Laure, "activity.status_changed", "closed"),
		},
	},
}
