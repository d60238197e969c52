package talks

import (
	"time"

	"pult/domain"
)

// onOtherChannels are the conversations of the last day on the shop's other channels.
var onOtherChannels = []Talk{
	{
		Channel: TwilioWhatsApp,
		With:    czechPerson("Radek Kolář", "+420602111231"),
		Ago:     8 * time.Minute,
		Tags:    []string{"doručení"},
		Lines: []Line{
			theySay("Dobrý den, kurýr mi volal, ale nestihl jsem to vzít. Zkusí to ještě dnes?"),
			weSay(Alena, "Dobrý den, pane Koláři, ano. Ozve se znovu mezi 16. a 18. hodinou."),
			theySay("Výborně. Může ho nechat u sousedky, byt 14.").after(6 * time.Minute),
			weSay(Alena, "Předala jsem mu to. Sousedka je paní Šimková?"),
			theySay("Ano, přesně ta."),
			theySay("A může vzít rovnou i tu krabici na vrácení?").withFile(dentedParcel).after(3 * time.Minute),
		},
	},
	{
		Channel:  TwilioWhatsApp,
		With:     frenchPerson("Antoine Roche", "+33612345631"),
		Ago:      3 * time.Hour,
		Assignee: Laure,
		Lines: []Line{
			theySay("Bonjour, le livreur est passé à la mauvaise adresse."),
			weSay(Laure, "Bonjour Monsieur Roche, nous en sommes désolés. Où êtes-vous aujourd’hui ?"),
			theySay(
				"",
			).withLocation("Boulangerie Roche", "8 rue des Carmes, Lyon", 45.7676, 4.8344).
				after(5 * time.Minute),
			weSay(Laure, "Merci, la tournée de l’après-midi passera chez vous entre 14 h et 15 h."),
			theySay("Parfait, merci."),
			weSay(Laure, "Voici le bon de livraison.").withFile(pdfFile("bon-de-livraison-11902.pdf")),
		},
	},
	{Channel: SMS, With: czechPerson("", "+420602111232"), Ago: 19 * time.Minute, Lines: []Line{
		theySay("Dobry den, mate dnes otevreno? Jan Kriz, obj. 11899"),
	}},
	{
		Channel:  SMS,
		With:     czechPerson("", "+420602111233"),
		Ago:      95 * time.Minute,
		Assignee: Tom,
		NoReply:  true,
		Lines: []Line{
			weSay(Tom, "Dobry den, oprava mlynku P-1177 je hotova, vyzvednout muzete do 18:00. Pult, Dlouha 12"),
			theySay("Dekuji, stavim se v patek. Jde platit kartou?").after(20 * time.Minute),
			weSay(Tom, "Ano, kartou i v hotovosti. Budeme se tesit."),
			theySay("Ok"),
		},
	},
	{
		Channel:  SMS,
		With:     frenchPerson("", "+33612345632"),
		Ago:      26 * time.Hour,
		Status:   domain.StatusResolved,
		Assignee: Laure,
		Lines: []Line{
			weSay(Laure, "Bonjour, votre machine est prete. Retrait jusqu'a 19 h. Pult"),
			theySay("Merci je passe demain matin").after(time.Hour),
			weSay(Laure, "Tres bien, a demain !"),
		},
	},
	{
		Channel: EngageLab,
		With: Person{
			Name:     "Tereza Urbanová",
			Phone:    "+420602111234",
			Company:  "Bistro Kolonáda",
			Language: domain.Czech,
		},
		Ago:      27 * time.Minute,
		Tags:     []string{"velkoobchod"},
		Assignee: Martin,
		Lines: []Line{
			theySay("Dobrý den, chceme od ledna brát kávu pravidelně, asi 8 kg měsíčně."),
			weSay(Martin, "Dobrý den, paní Urbanová, to nás těší. Na espresso, nebo i na filtr?"),
			theySay("Obojí, ale hlavně espresso. Můžete poslat ceník?").becomesRequest(Request{
				Title:       "Pravidelný odběr 8 kg měsíčně pro Bistro Kolonáda",
				Template:    Order,
				Description: "Od ledna asi 8 kg měsíčně, hlavně espresso, trochu na filtr. Poslat velkoobchodní ceník.",
				Status:      domain.StatusOpen,
				Priority:    domain.Normal,
				DueIn:       4,
				Tags:        []string{"velkoobchod"},
				Assignee:    Martin,
			}),
			weSay(
				Martin,
				"Ceník posílám, od 5 kg je sleva 12 %.",
			).withFile(pdfFile("cenik-velkoobchod-2026.pdf")).
				underRequest(1),
			theySay("Děkuji. A dáváte k tomu i mlýnek do zápůjčky?").after(18 * time.Minute),
		},
	},
	{
		Channel: EngageLab,
		With:    Person{Name: "Olivier Blanc", Phone: "+33612345633", Language: domain.French},
		Ago:     6 * time.Hour,
		Status:  domain.StatusPending,
		Lines: []Line{
			theySay("Bonjour, faites-vous des tasses avec le logo du client ?"),
			theySay("Quelque chose comme celle-ci, mais en bleu.").withFile(crackedPlate),
			weSay(Laure, "Bonjour, oui, à partir de 50 pièces. Pouvez-vous m’envoyer le logo en PDF ?"),
			theySay("").withFile(pdfFile("logo-blanc.pdf")).after(11 * time.Minute),
			weSay(Laure, "Bien reçu, je vous prépare un devis pour vendredi.").onlyUpTo(domain.StateDelivered),
		},
	},
	{
		Channel: EngageLab,
		With:    Person{Name: "James Whitfield", Phone: "+447700900634", Language: domain.English},
		Ago:     21 * time.Hour,
		Lines: []Line{
			theySay("Hi, do you ship espresso cups to London?"),
			weSay(Tom, "Hello, we do. Six working days, tracked, 14 euros up to five kilos."),
			theySay("").withFile(voiceNote).after(7 * time.Minute),
			weSay(Tom, "Yes, gift wrapping is free. Shall I reserve a set of six?"),
			theySay("Please do. Thank you!"),
			weSay(Tom, "Reserved until Friday under your name."),
		},
	},
	{
		Channel: Messenger,
		With:    Person{Name: "Kateřina Holubová", Language: domain.Czech},
		Ago:     14 * time.Minute,
		Lines: []Line{
			theySay("Ahoj, viděla jsem u vás ten modrý hrnek s kočkou, je ještě?"),
			weSay(
				Alena,
				"Dobrý den, paní Holubová, poslední tři kusy jsou na prodejně. Mám vám jeden schovat?",
			).withReaction("❤️"),
			theySay("").withFile(cupSticker),
			theySay("Prosím dva! Přijdu zítra kolem páté.").after(time.Minute),
		},
	},
	{
		Channel:  Messenger,
		With:     Person{Name: "Nicolas Bertrand", Language: domain.French},
		Ago:      4 * time.Hour,
		Assignee: Laure,
		Lines: []Line{
			theySay("Bonjour, l’atelier de latte art du samedi est-il complet ?"),
			weSay(Laure, "Bonjour, il reste deux places à 10 h. Souhaitez-vous que je vous inscrive ?"),
			theySay("Oui, pour deux personnes s’il vous plaît."),
			weSay(Laure, "C’est noté, à samedi !").withReaction("👍"),
		},
	},
	{
		Channel:  Messenger,
		With:     Person{Name: "Lenka Součková", Language: domain.Czech},
		Ago:      30 * time.Hour,
		Status:   domain.StatusResolved,
		Assignee: Alena,
		Lines: []Line{
			theySay("Dobrý den, takhle mi přišel balíček 😞"),
			theySay("").withFile(dentedParcel),
			weSay(Alena, "Dobrý den, to nás mrzí. Hrnky vám pošleme znovu, nic neplatíte."),
			theySay("Díky za rychlost!").withReaction("👍"),
		},
	},
}
