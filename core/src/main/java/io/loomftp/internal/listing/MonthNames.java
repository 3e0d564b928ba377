package io.loomftp.internal.listing;

/**
 * The names of months and the words for the total line, one language a row: its code, the words of {@code ls} for the total,
 * the months from January on. A comma separates several forms of one name, an underscore stands for a blank. Dots at the end
 * are left out, and capitals, which are found as well.
 *
 * <p>The facts are {@code locale abmon} under every locale of glibc 2.36 and the translations of {@code total} in coreutils
 * 9.1, as {@code core/src/test/tools/locale-facts.sh} prints them; longer and older forms are those of servers without either.
 * Locales of one language share a row unless they contradict each other.
 */
final class MonthNames {
  /** Languages that servers are likely to speak: their meaning counts if the listing does not tell. */
  static final String COMMON =
      """
      en|total|jan,january feb,february mar,march apr,april may jun,june jul,july aug,august sep,sept,september oct,october nov,november dec,december
      de|insgesamt,gesamt|jän,jan,januar feb,februar mär,mrz,märz,maer apr,april mai jun,juni jul,juli aug,august sep,sept,september okt,oktober nov,november dez,dezember
      fr|total|jan,janv,janvier fév,févr,février,fev,fevr mar,mars avr,avril mai jun,juin jui,juil,jul,juillet aoû,août,aou,aout sep,sept,septembre oct,octobre nov,novembre déc,décembre
      es|total|ene,enero feb,febr,febrero mar,marzo abr,abril may,mayo jun,junio jul,julio ago,agosto sep,set,sept,septiembre oct,octubre nov,noviembre dic,diciembre
      it|totale|gen,gennaio feb,febbraio mar,marzo apr,aprile mag,maggio giu,giugno lug,luglio ago,agosto set,sett,settembre ott,ottobre nov,novembre dic,dicembre
      pt|total|jan,janeiro fev,fevereiro mar,março abr,abril mai,maio jun,junho jul,julho ago,agosto set,setembro out,outubro nov,novembro dez,dezembro
      nl|totaal|jan,januari feb,februari mrt,maa,maart apr,april mei jun,juni jul,juli aug,augustus sep,september okt,oktober nov,november dec,december
      da|totalt,i_alt|jan,januar feb,februar mar,marts apr,april maj jun,juni jul,juli aug,august sep,september okt,oktober nov,november dec,december
      sv|totalt|jan,januari feb,februari mar,mars apr,april maj jun,juni jul,juli aug,augusti sep,sept,september okt,oktober nov,november dec,december
      nb|totalt|jan,januar feb,februar mars,mar april,apr mai,maj juni,jun juli,jul aug,august sep,september okt,oktober nov,november des,desember
      fi|yhteensä|tammi,tam helmi,hel maalis huhti,huh touko,tou kesä,kes heinä,hei elo syys,syy loka,lok marras joulu,jou
      pl|razem|sty,stycznia lut,lutego mar,marca kwi,kwietnia maj,maja cze,czerwca lip,lipca sie,sierpnia wrz,września paź,października lis,listopada gru,grudnia
      cs|celkem|led,ledna úno,února bře,března dub,dubna kvě,května čen,čer,června čec,července srp,srpna zář,září říj,října lis,list,listopadu pro,prosince
      sk|celkom,spolu|jan feb mar apr máj jún júl aug sep okt nov dec
      hu|összesen|jan febr márc,már ápr,április máj,május jún,június júl,július aug,augusztus szept,szeptember okt,október nov,november dec,december
      tr|toplam|oca,ocak şub,şubat mar,mart nis,nisan may,mayıs haz,haziran tem,temmuz ağu,ağustos eyl,eylül eki,ekim kas,kasım ara,aralık
      ro|total|ian,ianuarie feb,februarie mar,martie apr,aprilie mai iun,iunie iul,iulie aug,august sep,septembrie oct,octombrie nov,noi,noiembrie dec,decembrie
      ru|итого,всего|янв,января фев,февр,февраля мар,марта апр,апреля мая,май июн,июня июл,июля авг,августа сен,сент,сентября окт,октября ноя,нояб,ноября дек,декабря
      uk|загалом,усього,всього|січ лют бер кві тра чер лип сер вер жов лис гру
      be|усяго,агулам|сту,stu лют,lut сак,sak кра,kra мая,maj чэр,čer ліп,lip жні,žni вер,vie кас,kas ліс,lis сне,śni
      bg|общо|яну фев мар апр май юни юли авг сеп окт ное дек
      sr|укупно|јан,jan феб,feb мар,mar апр,apr мај,maj јун,jun јул,jul авг,avg сеп,sep окт,okt нов,nov дец,dec
      mk|вкупно|јан фев мар апр мај јун јул авг сеп окт ное дек
      sl|skupno,skupaj|jan feb mar apr maj jun jul avg sep okt nov dec
      hr|sveukupno,ukupno|sij velj,vel ožu tra svi lip srp kol ruj lis stu pro
      bs|ukupno|jan feb mar apr maj jun jul aug sep okt nov dec
      et|kokku|jaan veebr märts apr mai juuni juuli aug sept okt nov dets
      lv|kopā|jan feb mar apr mai jūn jūl aug sep okt nov dec
      lt|viso,iš_viso|saus vas kov bal geg birž liep rugp rugs spal lapkr gruod
      el|σύνολο|ιαν φεβ μαρ απρ μαΐ,μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ
      is|samtals|jan feb mar apr maí jún júl ágú sep okt nóv des
      ga|iomlán|ean feabh márta aib beal meith iúil lún mfómh dfómh samh noll
      cy|cyfanswm|ion chw maw ebr mai meh gor aws med hyd tach rha
      ca|total|de_gen de_febr de_març d’abr de_maig de_juny de_jul d’ag de_set d’oct de_nov de_des
      gl|total|xan feb mar abr mai xuñ xul ago set out nov dec
      eu|guztira,osotara|urt ots mar api mai eka uzt abu ira urr aza abe
      eo|totalo|jan feb mar apr maj jun jul aŭg sep okt nov dec
      af|totaal|jan feb mrt apr mei jun jul aug sep okt nov des
      id|total|jan feb mar apr mei jun jul agu sep okt nov des
      ms|jumlah|jan feb mac apr mei jun jul ogos sep okt nov dis
      he|סה"כ|ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ
      ar||ينا,جانفي,كانون_الثاني,يناير فبر,فيفري,شباط,فبراير مار,مارس,آذار أبر,أفريل,نيسان,أبريل ماي,أيار,مايو يون,جوان,حزيران,يونيو يول,جويلية,تموز,يوليوز,يوليو أغس,أوت,آب,غشت,أغسطس سبت,سبتمبر,أيلول,شتنبر أكت,أكتوبر,تشرين_الأول نوف,نوفمبر,تشرين_الثاني,نونبر ديس,ديسمبر,كانون_الأول,دجنبر
      fa|مجموع|ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اكتبر نوامبر دسامبر
      hi||जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्तू॰ नव॰ दिस॰
      th|รวม|ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค
      ka||იან თებ მარ აპრ მაი ივნ ივლ აგვ სექ ოქტ ნოე დეკ
      hy||հնվ փտր մար ապր մայ հնս հլս օգս սեպ հոկ նմբ դեկ
      kk||қаң ақп нау сәу мам мау шіл там қыр қаз қар жел
      vi|tổng,tổng_cộng|thg_1 thg_2 thg_3 thg_4 thg_5 thg_6 thg_7 thg_8 thg_9 thg_10 thg_11 thg_12
      ja|合計|1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月
      ko|합계,전체|1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월
      zh|總用量,总计,总用量,總計,合計|1月,一月 2月,二月 3月,三月 4月,四月 5月,五月 6月,六月 7月,七月 8月,八月 9月,九月 10月,十月 11月,十一月 12月,十二月
      """;

  /** The other languages of glibc. */
  static final String OTHERS =
      """
      aa||qun nah cig agd cax qas qad leq way dit xim kax
      ab||ажь жәаб хәажә мш лаҵ рашә ԥхынгә нанҳә цәыб жьҭ абҵ ԥхынҷ
      agr||pet kup uya tay keg teg kun yag dait ipam shin sak
      ak||s-ɔ k-ɔ e-ɔ e-o e-k o-a a-k d-ɔ f-ɛ ɔ-a ɔ-o m-ɔ
      am||ጃንዩ ፌብሩ ማርች ኤፕረ ሜይ ጁን ጁላይ ኦገስ ሴፕቴ ኦክተ ኖቬም ዲሴም
      an||chi feb mar abr may chn chl ago set oct nov avi
      anp||जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
      as||জানু ফেব্ৰু মাৰ্চ এপ্ৰিল মে জুন জুলাই আগ সেপ্ট অক্টো নভে ডিসে
      ast||xin feb mar abr may xun xnt ago set och pay avi
      ayc||ini phi mar awr may jun jul awu sit ukt nuw ris
      az||yan,ژانویه fev,فوریه mar,مارس apr,آوریل may,مئی İyn,ژوئن İyl,جولای avq,آقۇست sen,سپتامبر okt,اوْکتوْبر noy,نوْوامبر dek,دسامبر
      bem||jan feb mac epr mei jun jul oga sep okt nov dis
      ber||yan fev mar apr may İyn İyl avq sen okt noy dek
      bho||जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितम्बर अक्टूबर नवम्बर दिसम्बर
      bi||jan feb maj epr mei jun jul ogs sep okt nov dis
      bn||জানু ফেব মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
      bo||ཟླ་༡ ཟླ་༢ ཟླ་༣ ཟླ་༤ ཟླ་༥ ཟླ་༦ ཟླ་༧ ཟླ་༨ ཟླ་༩ ཟླ་༡༠ ཟླ་༡༡ ཟླ་༡༢
      br||gen cʼhw meu ebr mae mezh gou eos gwe her du ker
      brx||जानुवारी फेब्रुवारी मार्स एप्रिल मे जुन जुलाइ आगस्थ सेबथेज्ब़र अखथबर नबेज्ब़र दिसेज्ब़र
      byn||ልደት ካብኽ ክብላ ፋጅኺ ክቢቅ ም/ት ኰር ማርያ ያኸኒ መተሉ ም/ም ተሕሳ
      ce||янв фев мар апр май июн июл авг сен окт ноя дек
      chr||ꭴꮓ ꭷꭶ ꭰꮕ ꭷꮼ ꭰꮒ ꮥꭽ ꭻᏸ ꭶꮆ ꮪꮅ ꮪꮒ ꮕꮣ ꭵꮝ
      ckb||کا٢ شوب ئاز نیس ئای حوز تەم ئاب ئەی تش١ تش٢ کا١
      crh||yan fev mar apr may İyn İyl avg sen okt noy dek
      csb||stë gro str łżë maj cze lëp zél séw ruj lës gòd
      cv||kăr nar puš aka şu şĕr ută şur avă jup cük raš
      doi||जनवरी फरवरी मार्च एप्रैल मेई जून जूलै अगस्त सितंबर अक्तूबर नवंबर दिसंबर
      dsb||jan feb měr apr maj jun jul awg sep okt now dec
      dv||ޖެނުއަރީ ފެބްރުއަރީ މާރޗް އެޕްރީލް މެއި ޖޫން ޖުލައި އޮގަސްޓް ސެޕްޓެންބަރ އޮކްޓޫބަރ ނޮވެންބަރ ޑިސެންބަރ
      ff||sii col mbo see duu kor mor juk slt yar jol bow
      fil||ene peb mar abr may hun hul ago set okt nob dis
      fo||jan feb mar apr mai jun jul aug sep okt nov des
      fur||zen fev mar avr mai jug lui avo set otu nov dic
      fy||jan feb moz,mrt apr mai jun jul aug sep okt now,nov dez,des
      gd||faoi gearr màrt gibl cèit ògmh iuch lùna sult dàmh samh dùbh
      gez||ጠሐረ,ጃንዩ ከተተ,ፌብሩ መገበ,ማርች አኀዘ,ኤፕረ ግንባ,ሜይ ሠንየ,ጁን ሐመለ,ጁላይ ነሐሰ,ኦገስ ከረመ,ሴፕቴ ጠቀመ,ኦክተ ኀደረ,ኖቬም ኀሠሠ,ዲሴም
      gu||જાન્યુ ફેબ્રુ માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટે ઑક્ટો નવે ડિસે
      gv||j-guer t-arree mayrnt avrril boaldyn m-souree j-souree luanistyn m-fouyir j-fouyir m.houney m.nollick
      ha||jan fab mar afi may yun yul agu sat okt nuw dis
      hif||jan feb mar apr may jun jul aug sep oct nov dec
      hne||जन फर मार्च अप मई जून जुला अग सित अकटू नव दिस
      hsb||jan feb měr apr mej jun jul awg sep okt now dec
      ht||jan fev mas avr me jen jiy out sep okt nov des
      ia||jan feb mar apr mai jun jul aug sep oct nov dec
      ig||jen feb maa epr mee juu jul ọgọ sep ọkt nov dis
      ik||sñt sñs pan qil sup iġñ itc tiñ ami sik nip siq
      iu||ᔮᓄ ᕕᕗ ᒪᔅ ᐃᐳ ᒪᐃ ᔪᓂ ᔪᓚ ᐊᒋ ᓯᑎ ᐊᑦ ᓄᕕ ᑎᓯ
      kab||yen fur meɣ yeb may yun yul ɣuc cte tub wam duj
      km||១ ២ ៣ ៤ ៥ ៦ ៧ ៨ ៩ ១០ ១១ ១២
      kn||ಜನ ಫೆಬ್ರ ಮಾರ್ಚ್ ಏಪ್ರಿ ಮೇ ಜೂನ್ ಜುಲೈ ಆ ಸೆಪ್ಟೆಂ ಅಕ್ಟೋ ನವೆಂ ಡಿಸೆಂ
      kok||जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ओगस्ट सेप्टेंबर ओक्टोबर नोव्हेंबर डिसेंबर
      ks||جنؤری,जनवरी فرؤری,फ़रवरी مارٕچ,मार्च اپریل,अप्रेल میٔ,मई جوٗن,जून جوٗلایی,जुलाई اگست,अगस्त ستمبر,सितम्बर اکتوٗبر,अक्टूबर نومبر,नवम्बर دسمبر,दिसम्बर
      ku||çil sib ada nîs gul hez tîr teb îlo cot mij kan
      kw||gen hwe meu ebr me met gor est gwn hed du kev
      lb||jan feb mäe abr mee jun jul aug sep okt nov dez
      lg|omugatte|jan feb mar apu maa juu jul agu seb oki nov des
      li||jan fib mie epr mei jun jul aug sep okt nov des
      lij||zen fev mar arv maz zûg lûg ago set ött nov dix
      ln||yan fbl msi apl mai yun yul agt stb ɔtb nvb dsb
      lo||ມ.ກ ກ.ພ ມ.ນ ມ.ສ ພ.ພ ມິ.ຖ ກ.ລ ສ.ຫ ກ.ຍ ຕ.ລ ພ.ຈ ທ.ວ
      lzh||一 二 三 四 五 六 七 八 九 十 十一 十二
      mag||जनवरी फ़रवरी मार्च अप्रेल मई जून जुलाई अगस्त सितम्बर अक्टूबर नवम्बर दिसम्बर
      mai||बैसाख जेठ अषाढ़ सावोन भादो आसिन कातिक अगहन पूस माघ फागुन चैति
      mfe||zan fev mar avr me zin zil out sep okt nov des
      mg||jan feb mar apr mey jon jol aog sep okt nov des
      mhr||шрк пгж ӱрн вшр ага пдш срм срл идм шыж клм тел
      mi||kohi hui pou pae hara pipi hōngoi here mahu whi-nu whi-ra haki
      miq||siakwa_kati kuswa_kati kakamuk_kati lî_wainhka_k lih_mairin_k lî_kati pastara_kati sikla_kati wîs_kati waupasa_kati yahbra_kati trisu_kati
      mjw||ark thang the jang aru vos jak pai chi phe phai mati
      ml||ജനു ഫെബ്രു മാർ ഏപ്രി മേയ് ജൂൺ ജൂലൈ ഓഗ സെപ്റ്റം ഒക്ടോ നവം ഡിസം
      mn||1-р_сар 2-р_сар 3-р_сар 4-р_сар 5-р_сар 6-р_сар 7-р_сар 8-р_сар 9-р_сар 10-р_сар 11-р_сар 12-р_сар
      mni||জান ফেব মার এপ্রি মে জুন জুল আগ সেপ ওক্ত নবে ডিস
      mnw||ဂျာန် ဝှေဝ် မာတ် အေ မေ ဂျုန် ဂျူ အဝ် သိပ် အံက် နဝ် ဒဳ
      mr||जाने फेब्रु मार्च एप्रि मे जून जुलै ऑग सप्टें ऑक्टो नोव्हें डिसें
      mt||jan fra mar apr mej ġun lul aww set ott nov diċ
      my||ဇန် ဖေ မတ် ဧပြီ မေ ဇွန် ဇူ ဩ စက် အောက် နို ဒီ
      nan||1月,1g 2月,2g 3月,3g 4月,4g 5月,5g 6月,6g 7月,7g 8月,8g 9月,9g 10月,10g 11月,11g 12月,12g
      nds||jan feb mär,moz apr mai jun jul aug sep okt nov,now dez
      ne||जन फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर
      nhn||ene feb mar abr may jun jul ago sep oct nov dic
      niu||ian fep mas ape me iun iul aok sep oke nov tes
      nn||jan feb mars april mai juni juli aug sep okt nov des
      nr||jan feb mat apr mey jun jul arh sep okt usi dis
      nso||jan feb mat apr mei jun jul ago set okt nof dis
      oc||gen febr març abr mai junh jul ago set oct nov dec
      om||ama gur bit elb cam wax ado hag ful onk sad mud
      or||ଜାନୁଆରୀ ଫେବୃଆରୀ ମାର୍ଚ୍ଚ ଅପ୍ରେଲ ମଇ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର
      pa||ਜਨ,جنوري ਫ਼ਰ,فروري ਮਾਰਚ,مارچ ਅਪ੍ਰੈ,اپريل ਮਈ,مٓی ਜੂਨ,جون ਜੁਲਾ,جولاي ਅਗ,اگست ਸਤੰ,ستمبر ਅਕਤੂ,اكتوبر ਨਵੰ,نومبر ਦਸੰ,دسمبر
      pap||yan feb mar apr mei yün yül oug sèp okt nov des
      ps||جنوري فبروري مارچ اپریل مۍ جون جولای اګست سپتمبر اکتوبر نومبر دسمبر
      quz||ini phi mar awr may hun hul agu sip ukt nuw tis
      raj||जन फर मार्च अप्रै मई जून जुल अग सित अक्टू नव दिस
      rif||yen feb mar yeb may yun yul ɣuc cut kṭu nuv duj
      rw||mut gas wer mat gic kam nya kan nze ukw ugu uku
      sah||тохс олун кул муус ыам бэс от атыр бал алт сэт ахс
      sat||जनवरी फरवरी मार्च अप्रेल मई जुन जुलाई अगस्त सितम्बर अखथबर नवम्बर दिसम्बर
      sc||ghe fre mar abr maj làm arg aus cab lad onn nad
      sd||جنوري,जनवरी فبروري,फबरवरी مارچ,मार्चि اپريل,अप्रेल مي,मे جون,जूनि جولاءِ,जूलाइ آگسٽ,आगस्टु سيپٽيمبر,सेप्टेंबरू آڪٽوبر,आक्टूबरू نومبر,नवंबरू ڊسمبر,ॾिसंबरू
      se||ođđj guov njuk cuoŋ mies geas suoi borg čakč golg skáb juov
      sgs||sau vas kuo bal geg bėr lëp rgp sie spa lap grd
      shn||လိူၼ်ၵမ် လိူၼ်သၢမ် လိူၼ်သီႇ လိူၼ်ႁႃႈ လိူၼ်ႁူၵ်း လိူၼ်ၸဵတ်း လိူၼ်ပႅတ်ႇ လိူၼ်ၵဝ်ႈ လိူၼ်သိပ်း လိူၼ်သိပ်းဢဵတ်း လိူၼ်သိပ်းသွင် လိူၼ်ၸဵင်
      shs||kwe tsi sqe éwt ell tsp tqw ct̓é qel wél u7l tet
      si||ජන පෙබ මාර් අප්\u200Dරි මැයි ජූනි ජූලි අගෝ සැප් ඔක් නෙවැ දෙසැ
      sm||ian fep mat ape me iun iul aug set oke nov tes
      so||kob lab sad afr sha lix tod sid sag tob kit lit
      sq||jan shk mar pri maj qer kor gsh sht tet nën dhj
      ss||bhi van vul mab khk nhl kho ngc nyo imp lwe ngo
      st||phe hla tlh mme mot jan upu pha leo mph pud tsh
      sw||jan feb mac apr mei jun jul ago sep okt nov des
      syr||\u070Fܟܢ_\u070Fܒ ܫܒܛ ܐܕܪ ܢܝܣܢ ܐܝܪ ܚܙܝܪܢ ܬܡܘܙ ܐܒ ܐܝܠܘܠ \u070Fܬܫ_\u070Fܐ \u070Fܬܫ_\u070Fܒ \u070Fܟܢ_\u070Fܐ
      szl||sty lut mar kwi moj czy lip sie wrz paź lis gru
      ta||ஜன பிப் மார் ஏப் மே ஜூன் ஜூலை ஆக செப் அக் நவ டிச
      tcy||ಜ ಫೆ ಮಾ ಏ ಮೇ ಜೂ ಜು ಆ ಸೆ ಅ ನ ಡಿ
      te||జన ఫిబ్ర మార్చి ఏప్రి మే జూన్ జులై ఆగ సెప్టెం అక్టో నవం డిసెం
      ti||ጥሪ,ጃንዩ ለካቲ,ፌብሩ መጋቢ,ማርች ሚያዝ,ኤፕረ ግንቦ,ሜይ ሰነ,ጁን ሓምለ,ጁላይ ነሓሰ,ኦገስ መስከ,ሴፕቴ ጥቅም,ኦክተ ሕዳር,ኖቬም ታሕሳ,ዲሴም
      tig||ጥሪ ለካቲ መጋቢ ሚያዝ ግንቦ ሰነ ሓምለ ነሓሰ መስከ ጥቅም ሕዳር ታሕሳ
      tk||ýan few mar apr maý iýn iýl awg sen okt noý dek
      tl||ene peb mar abr may hun hul ago sep okt nob dis
      tn||fer tlh mop mor mot see phu pha lwe dip ngw sed
      to||sān fēp maʻa ʻepe mē sun siu ʻaok sep ʻoka nōv tīs
      tpi||jan feb mas epr me jun jul oga sep okt nov des
      ts||sun yan kul dzi mud kho maw mha ndz nhl huk n'w
      tt||гыйн,ğın фев,fiw мар,mar апр,apr май,may июнь,yün июль,yül авг,awg сент,sin окт,ükt нояб,noy дек,dik
      ug||يانۋار فېۋرال مارت ئاپرېل ماي ئىيۇن ئىيۇل ئاۋغۇست سېنتەبىر ئۆكتەبىر نويابىر دېكابىر
      unm||eni chk xam kwe tai nip lai win tah puk kun mux
      ur||جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
      uz||yan,янв fev,фев mar,мар apr,апр may,май iyn,июн iyl,июл avg,авг sen,сен okt,окт noy,ноя dek,дек
      ve||pha luh fam lam shu lwi lwa ngu khu tsh ḽar nye
      wa||dja fev mås avr may djn djl awo set oct nôv dec
      wae||jen hor mär abr mei brá hei öig her wím win chr
      wo||san fee mar awr me suw sul uut sep okt now des
      xh||mqu mdu kwi tsh can sil kha thu msi dwa nka mng
      yi||יאַנ פֿעב מאַר אַפּר מײַ יונ יול אױג סעפּ אָקט נאָװ דעצ
      yo||ṣẹ́rẹ́ èrèlè ẹrẹ̀nà ìgbé ẹ̀bibi òkúdu agẹmọ ògún owewe ọ̀wàrà bélú ọ̀pẹ̀
      yuw||jen feb mas epr mei jun jul ögu sep ökt nöw dis
      zu||jan feb mas eph mey jun jul aga sep okt nov dis
      """;

  private MonthNames() {}
}
