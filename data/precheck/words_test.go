package precheck

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
)

// now is the moment at which these tests stand, on a Friday afternoon.
var now = data.MomentOf(time.Date(2026, 11, 20, 15, 0, 0, 0, time.Local))

// ago is a moment before now.
func ago(d time.Duration) data.Moment { return now.Add(-d) }

// heard are the facts where a customer wrote one text, among others.
func heard(text string) Facts {
	return Facts{Now: now, Messages: []data.Message{
		{ID: 1, Direction: data.In, At: ago(3 * 24 * time.Hour), Text: "👍"},
		{ID: 2, Direction: data.In, At: ago(time.Hour), Text: text},
	}}
}

// ids are the rules that warn of what a customer wrote.
func ids(f Facts) string {
	var list []string
	for _, w := range f.Warnings() {
		list = append(list, w.ID)
	}
	return strings.Join(list, " ")
}

// What customers write, by the rule it calls; the near misses call none.
var said = map[string]map[string][]string{
	"distress": {
		"en": {
			"I don't want to live anymore.", "i dont want to live", "Sorry to bother you. I just want to die.", "I’m going to kill myself", "KILL MYSELF tonight",
			"Honestly I don’t see the point of anything any more.", "My family would be better off without me", "I have been thinking about suicide lately",
			"i feel suicidal", "There is no reason to live", "I'm so tired of living", "Cancel the order, I won't need it. I am ending my life.", "I took all my pills",
			"I started cutting myself again", "I started self-harming again", "Nobody would miss me.", "I wish I were dead", "my daughter says she wants to die",
			"I don't want to be here any more", "thoughts of  suicide\n", "I don\u200bt want to wake up", "k\u00edll myself",
		},
		"hi": {
			"मैं मरना चाहता हूँ", "अब जीने का मन नहीं करता", "मैं आत्महत्या कर लूँगी", "मैं जीना नहीं चाहती।", "ज़िंदगी से थक गया हूँ", "मैं जिंदगी से तंग आ चुकी हूं",
			"main marna chahta hu", "jeena nahi chahti ab", "Suicide karne ka soch raha hu", "मैं अपनी जान दे दूंगा", "जान दे दूँगी",
		},
		"es": {
			"Ya no quiero vivir.", "Quiero morirme", "No tengo ganas de vivir", "pienso en suicidarme", "Voy a quitarme la vida", "Estoy cansada de vivir, perdón", "ME QUIERO MORIR",
			"ojalá me muriera", "Todos estarían mejor sin mí", "ya no quiero vivir así",
		},
		"pt": {
			"Eu quero morrer", "não quero mais viver", "Penso em me matar todos os dias", "nao aguento mais viver", "Vou acabar com a minha vida", "tenho pensamentos suicidas", "Estou cansada de viver.",
			"Perdi a vontade de viver", "quero dormir e não acordar mais",
		},
		"de": {
			"Ich will nicht mehr leben.", "Ich möchte sterben", "Ich bringe mich um", "ich denke an Selbstmord", "Ohne mich wären alle besser dran, ich wäre besser tot",
			"Ich sehe keinen Sinn mehr im Leben", "ich moechte nicht mehr leben", "Ich habe Suizidgedanken", "Ich will mir das Leben nehmen", "ich will einfach nur sterben",
		},
		"fr": {
			"J’ai envie de mourir", "Je ne veux plus vivre", "je pense au suicide", "Je vais me suicider", "Je veux en finir avec la vie", "j'ai plus envie de vivre", "Je suis fatiguée de vivre",
			"Je voudrais mettre fin à mes jours.", "jai envie de mourir",
		},
		"ar": {
			"أريد أن أموت", "اريد ان اموت", "أُرِيدُ أَنْ أَمُوتَ", "وأريد أن أموت", "أفكر في الانتحار", "أفكر بالانتحار", "سأقتل نفسي", "تعبت من الحياة", "عايزة أموت", "ليتني مت", "لا أريد العيش", "مش عايز اعيش",
		},
		"tr": {
			"Artık yaşamak istemiyorum", "Ölmek istiyorum", "olmek istiyorum", "İNTİHAR edeceğim", "intiharı düşünüyorum", "Kendimi öldüreceğim", "canıma kıyacağım", "Yaşamaktan bıktım", "Hayatıma son vermek istiyorum",
		},
		"ta": {
			"எனக்கு வாழ பிடிக்கவில்லை", "நான் சாக விரும்புகிறேன்", "தற்கொலை செய்து கொள்ளப் போகிறேன்", "செத்துப் போகலாம் போல இருக்கு", "எனக்கு வாழவே பிடிக்கல", "சாகணும்",
		},
		"zh": {
			"我不想活了", "我真的想死", "我想自杀", "活着没意思", "想结束自己的生命", "我不想活了。", "我想自殺", "没有你我活不下去",
		},
	},
	"complaint": {
		"en": {"I want to make a complaint", "I demand a refund.", "Give me my money back!", "The kettle arrived broken", "You charged me twice", "I have now been charged for BOTH lamps."},
		"hi": {"मुझे शिकायत करनी है", "मेरे पैसे वापस करो", "केतली टूटी हुई आई", "Mujhe paise wapas chahiye", "मुझे रिफंड चाहिए"},
		"es": {"Quiero poner una reclamación", "Quiero que me devuelvan el dinero", "La lámpara llegó rota", "Me cobraron dos veces"},
		"pt": {"Quero fazer uma reclamação", "Quero o meu dinheiro de volta", "O bule chegou quebrado", "Então e o meu reembolso?", "vou reclamar no Procon"},
		"de": {"Ich habe eine offene Reklamation und möchte mein Geld zurück.", "Das ist eine Beschwerde", "Der Kocher ist undicht", "Ich möchte mich beschweren"},
		"fr": {"Je souhaite faire une réclamation", "Je veux être remboursée", "La théière est arrivée cassée", "remboursez-moi !"},
		"ar": {"أريد تقديم شكوى", "أريد استرداد المبلغ", "وصل المصباح مكسور، وصل مكسور", "رجعوا فلوسي"},
		"tr": {"Şikayet etmek istiyorum", "Paramı geri istiyorum", "Lamba kırık geldi", "şikâyetçiyim"},
		"ta": {"நான் புகார் செய்ய வேண்டும்", "பணத்தை திருப்பிக் கொடுங்கள்", "விளக்கு உடைந்து வந்தது"},
		"zh": {"我要投诉", "我要退款", "我要投訴你們", "这是质量问题"},
	},
	"": {
		"en": {
			"You're killing it!", "The battery is dead", "dead battery again", "My phone died", "This wait is killing me", "These shoes are to die for", "I nearly died laughing", "I could kill for a coffee",
			"I'm dying to see it", "I want to die laughing", "I want to die of embarrassment", "My plants want to die in this cold", "kill yourself", "KYS", "I will kill you", "You are dead to me",
			"I cut myself on the lid", "I hurt myself on the sharp edge", "Do you sell Suicide Squad posters?", "My mother died three weeks ago.", "It can't go on like this", "I can't go on holiday without it",
			"I don't want to live without this kettle :)", "the deadline is killing us", "It took 300 kms", "die-cast car", "life jacket", "end my subscription", "I want to end this call", "kill my self-destructing alarm",
			"What is the point of anything you sell?", "I give up on this app", "The end of my life insurance", "self-service", "I live alone", "Thank you, no complaints at all", "Can't complain!", "This is not a complaint", "The young man always expects a complaint", "no complaint about it", "100% money back guarantee!!!",
			"The refund has arrived, thank you", "FINAL NOTICE: pay now or your package will be destroyed", "Kindly send back the difference today, my mother is in hospital.", "God will judge you. Gift cards please.",
			"http://x.example/i-want-to-die?complaint=1", "The plumber complimented it", "my skills",
		},
		"hi": {"बैटरी मर गई", "हँसते हँसते मर गया", "भूख से मर रहा हूँ", "मेरे दादाजी मर गए", "मैं यहीं जीना चाहता हूँ", "नमस्ते, मेरा ऑर्डर कब आएगा?", "कोई शिकायत नहीं, धन्यवाद", "jaan, kab milega", "mar gaya yaar battery"},
		"es": {
			"Me muero de risa", "Me quiero morir de la vergüenza", "Me quiero morir de risa jajaja", "Se murió la batería", "Este calor va a matarme", "No quiero vivir en esa calle", "Me hice daño con la tapa", "No quiero morir sin probarlo",
			"Ninguna queja, gracias", "El Escuadrón Suicida", "para toda la vida", "Vivo en Lima",
		},
		"pt": {
			"Estou morrendo de rir", "Quero morrer de rir", "A bateria morreu", "Quase morri de vergonha", "Não quero mais viver essa situação com a entrega", "Não quero viver sem esse bule", "Me cortei com a tampa", "Sem nenhuma queixa",
			"Moro em Lisboa", "quero me matricular",
		},
		"de": {
			"Die Lampe ist da", "Mein Akku ist tot", "Ich lache mich tot", "Ich will sterben vor Lachen", "Die Pflanze ist gestorben", "Das Auto bringt mich um den Verstand", "Ich bin todmüde", "Bist du lebensmüde?",
			"die Lebensdauer der Lampe", "Ich will nicht mehr warten", "Keine Beschwerden, danke", "ich ziehe mich um", "wir leben nicht mehr dort",
		},
		"fr": {
			"Je suis mort de rire", "C’est à mourir de rire", "J'ai envie de mourir de rire", "La batterie est morte", "Cette attente va me tuer", "Je veux en finir avec cette commande", "Je meurs d’envie de la voir", "Je veux plus vivre ça avec vous",
			"Aucune réclamation", "Je me suis fait mal avec le couvercle", "Je vis à Lyon",
		},
		"ar": {"البطارية ماتت", "أموت من الضحك", "مت من الضحك", "توفيت والدتي", "أموت فيك", "أريد أن أعيش في دبي", "نفسي أموت وأعرف أين الطلب", "السلام عليكم، هل يمكن استبداله؟", "بدون شكوى", "بدي أموت من الضحك"},
		"tr": {
			"Gülmekten öldüm", "Telefon öldü", "Bu sorunu tekrar yaşamak istemiyorum", "Burada yaşamak istemiyorum", "İntihar Timi posteri var mı?", "Açlıktan ölüyorum", "Dedem öldü", "Bir şikayetim yok", "Ölmez otu çayı", "Utancımdan ölmek istiyorum",
		},
		"ta": {"பேட்டரி செத்துப்போச்சு", "சிரிச்சு சிரிச்சு வயிறு வலிக்குது", "அம்மா இறந்துவிட்டார்", "வாழ்த்துகள்", "நான் சென்னையில் வாழ்கிறேன்", "புகார் எதுவும் இல்லை"},
		"zh": {"想死你了", "我想死你们的饼了", "笑死我了", "电池死了", "热死了", "死机了", "自杀小队的海报有吗", "没有投诉", "生活用品", "打死我也不买"},
	},
}

// Whatever language it is in, it is looked for in all.
func TestSaid(t *testing.T) {
	for want, languages := range said {
		if len(languages) != 10 {
			t.Errorf("%q is tried in %d languages", want, len(languages))
		}
		for language, texts := range languages {
			for _, text := range texts {
				if got := ids(heard(text)); got != want {
					t.Errorf("%s %q calls %q, want %q", language, text, got, want)
				}
			}
		}
	}
}

func TestIsQuestion(t *testing.T) {
	for _, text := range []string{
		"Where is it?", "where is my parcel", "Hello, when will it come", "can you call me", "wheres my order", "Really?!", "see http://x.example/a ?", "have you seen http://x.example/a?", "❓❓",
		"कब आएगा", "kab aayega", "मेरा पार्सल कहां है", "¿Llega hoy?", "cuándo va a llegar", "Hola, dónde está mi pedido", "cadê meu pedido", "quanto tempo demora", "Wo bleibt mein Paket", "Guten Tag, können Sie mir helfen",
		"où est ma commande", "Bonjour, est-ce que c'est possible", "متى يصل طلبي", "هل عندكم لون آخر", "كم الساعة؟", "siparişim nerede", "Kargo çıktı mı", "எப்போது வரும்", "முகவரியை மாற்ற முடியுமா", "什么时候发货", "有人吗", "多久能到", "可以吗？",
	} {
		if !sharedLexicon().isQuestion(text) {
			t.Errorf("%q is no question", text)
		}
	}
	for _, text := range []string{
		"", "Thank you.", "What a lovely lamp", "How kind of you!", "Call me when you can", "I know where it is", "http://parcel-release.example/pay?id=88213", "www.x.example/?a=1 is the page", "whenever",
		"ठीक है, धन्यवाद।", "kya baat hai", "क्या बात है!", "¡Que se mejore pronto!", "Cuando llegue le aviso", "Como le dije", "lo antes posible, cuanto antes", "Quando chegar eu aviso", "Haben Sie vielen Dank!", "wann immer Sie wollen",
		"Quand vous aurez le temps", "Quelle honte", "أهلا بكم", "شكرًا جزيلًا", "Teşekkürler", "mi pedido", "நன்றி", "எங்க வீட்டுக்கு வந்துவிட்டது", "前几天收到了", "没多久就到了", "好的，谢谢。",
	} {
		if sharedLexicon().isQuestion(text) {
			t.Errorf("%q is a question", text)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", " | "},
		{"...", " | "},
		{"Where's it? I paid!", " | where s it | i paid | "},
		{"  Ça va,\n\nİyi ", " | ca va | iyi | "},
		{"self-harm “quoted” a_b", " | self harm quoted a b | "},
		{"dot.  .comma, ,", " | dot | comma | "},
		{"STRASSE Straße", " | strasse strasse | "},
		{"zero\u200bwidth \u202eover\u202c", " | zerowidth over | "},
		{"مَدْرَسَةٌ", " | مدرسه | "},
		{"ज़िंदगी कहाँ", " | जिंदगी कहां | "},
		{"see https://x.example/kill now", " | see now | "},
		{"done 👍🏽 ok", " | done | ok | "},
	} {
		if got := fold(c.text); got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
}

func TestParseWordLists(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":            `{`,
		"an unknown list":    `{"anger": ["x"]}`,
		"an empty phrase":    `{"distress": [""]}`,
		"nothing but edges":  `{"distress": ["^*$"]}`,
		"two clauses":        `{"distress": ["no, never"]}`,
		"a mark in between":  `{"distress": ["no * never"]}`,
		"everyday and empty": `{"everyday": ["…"]}`,
	} {
		if _, err := parseWordLists(map[string][]byte{"en": []byte(text)}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// What ships is read, no list is empty in any language, and nothing that is
// looked for is taken out before.
func TestAllLists(t *testing.T) {
	for language, text := range assets.PrecheckWords() {
		l, err := parseWordLists(map[string][]byte{language: text})
		if err != nil {
			t.Fatal(err)
		}
		var d wordList
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		for kind, list := range map[string]struct {
			phrases []string
			finder  matcher
		}{"question": {d.Question, l.question}, "complaint": {d.Complaint, l.complaint}, "distress": {d.Distress, l.distress}} {
			if len(list.phrases) == 0 {
				t.Errorf("%s has no words of %s", language, kind)
			}
			for _, phrase := range list.phrases {
				if text := strings.Trim(phrase, "^$*"); !list.finder.matches(l.normalize(text)) {
					t.Errorf("%s: %q is not found as %s", language, text, kind)
				}
			}
		}
	}
}
