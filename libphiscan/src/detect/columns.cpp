#include "detect/columns.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <unordered_map>

#include "detect/validators.hpp"

namespace phiscan::detect {
namespace {

struct Names {
  Field field;
  bool of_patient;
  std::string_view names;  // separated by ','
};

// Written plain: lower case, one space between words. "number", "no" and "id" behind a known name are taken off before a second look.
constexpr std::array<Names, 65> vocabulary{{
    {Field::name, true, "patient,patient name,pt,pt name,patients,patient full name,paciente,nombre del paciente,nombre paciente"},
    {Field::name, false, "name,full name,fullname,nombre completo,nombre y apellido,nombre y apellidos,client,client name,cliente,last first,last name first name,name last first,individual,participant,participant name,recipient name,guarantor,guarantor name,subscriber,subscriber name,insured name,insured,member name,enrollee,beneficiary name,resident name,asegurado"},
    {Field::first, false, "first,first name,firstname,fname,given,given name,given names,forename,fn,nombre,nombres,primer nombre,first nm"},
    {Field::last, false, "last,last name,lastname,lname,surname,family,family name,ln,apellido,apellidos,last nm,maiden name"},
    {Field::middle, false, "middle,middle name,mi,middle initial,m i,segundo nombre"},
    {Field::initials, false, "initials,pt initials,patient initials,iniciales"},
    {Field::dob, false, "dob,d o b,date of birth,birth date,birthdate,dateofbirth,birth dt,date birth,fecha de nacimiento,fecha nacimiento,f nac,fec nac,f de n,fdn,nacimiento,dob mm dd yyyy"},
    {Field::ssn, false, "ssn,social security,social security number,social security no,ss,soc sec,ssn last 4,last 4 ssn,last4 ssn,ssn last4,ssn4,seguro social,numero de seguro social"},
    {Field::mrn, true, "mrn,m r n,mrn id,medical record,medical record number,med rec,med rec no,mr no,mr number,chart number,chart no,patient id,patient number,patient no,patientid,pt id,pt no,pt number,emrn,empi,numero de expediente,historia clinica,no expediente,num expediente,nhc,patient identifier,emr id,ehr id"},
    {Field::member, true, "health plan id,hicn,medicare id,medicare number"},
    {Field::mrn, false, "chart,mr,expediente"},
    {Field::member, false, "member id,member,member no,member number,memberid,subscriber id,subscriber no,subscriber number,insurance id,insured id,beneficiary id,ins id,id de miembro,numero de miembro,medicare,policy,policy number,policy no,policy id,poliza,numero de poliza,num de poliza,group number"},
    {Field::mbi, true, "mbi"},
    {Field::medicaid, true, "medicaid id,medicaid number,medicaid"},
    {Field::account, false, "acct,account,account number,account no,acct no,acct number,acct id,account id,patient account,patient acct,pt acct,cuenta,numero de cuenta,har"},
    {Field::claim, false, "claim,claim number,claim no,claim id,icn,dcn,tcn,claim control number,auth,auth no,auth number,authorization,authorization number,prior auth,prior authorization,pa number,reclamo,numero de reclamo"},
    {Field::encounter, false, "encounter,encounter id,encounter number,csn,visit id,visit number,visit no,admission number,admission id"},
    {Field::accession, false, "accession,accession number,accession no,specimen,specimen id,specimen number,requisition,req number"},
    {Field::prescription, false, "rx number,rx no,prescription number,prescription no"},
    {Field::license, false, "driver license,drivers license,driver s license,dl,dl number,license number"},
    {Field::other_id, false, "study id,subject id"},
    {Field::phone, false, "phone,phone number,telephone,tel,cell,cell phone,mobile,mobile phone,home phone,work phone,contact number,contact phone,phone 1,phone 2,phone1,phone2,telefono,celular,movil,contact,emergency contact,primary phone,best phone"},
    {Field::fax, false, "fax,fax number"},
    {Field::email, false, "email,e mail,email address,e mail address,correo,correo electronico,mail"},
    {Field::address, false, "address,street,street address,home address,mailing address,address 1,address1,address line 1,addr,addr1,domicilio,direccion,calle,residence"},
    {Field::city, false, "city,town,ciudad,city state,city state zip"},
    {Field::zip, false, "zip,zip code,zipcode,postal code,postcode,codigo postal,cp"},
    {Field::diagnosis, false, "dx,diagnosis,diagnoses,primary diagnosis,primary dx,secondary dx,dx 1,dx 2,dx1,dx2,dx3,admitting diagnosis,admit dx,diagnostico,diagnosticos,condition,conditions,problem list,problems,chief complaint,cc,medical history,pmh,health conditions,comorbidities,active problems,dx description,diagnosis description,impression,disability,enfermedad,padecimiento,antecedentes"},
    {Field::icd, false, "icd,icd10,icd 10,icd 10 cm,icd9,icd 9,icd code,icd10 code,icd 10 code,dx code,diagnosis code,dx codes,icd codes,diag code,codigo cie,cie 10,cie10"},
    {Field::cpt, false, "cpt,cpt code,cpt codes,hcpcs,cpt hcpcs,procedure code,proc code,cdt,cdt code,px,px code"},
    {Field::procedure, false, "procedure,procedures,surgery,operation,proc,procedimiento,cirugia,study,exam,imaging,modality,vaccine,immunization,vacuna,immunizations,therapy,treatment,tratamiento,operacion,study description"},
    {Field::medication, false, "medication,medications,med,meds,drug,drug name,rx,prescription,medicine,current medications,active medications,medicamento,medicamentos,receta,sig,refill medication,ndc,med list,rx name"},
    {Field::lab, false, "lab,labs,test,test name,lab test,analyte,component,lab name,observation,order,order name,orders,analisis,prueba,examen,laboratorio"},
    {Field::result, false, "result,results,value,lab result,lab results,test result,result value,resultado,resultados,valor,last result,most recent result,finding,findings"},
    {Field::analyte, false, "a1c,hba1c,hgb a1c,hemoglobin a1c,last a1c,ldl,hdl,triglycerides,cholesterol,total cholesterol,glucose,glucosa,hgb,hemoglobin,hct,wbc,rbc,plt,platelets,tsh,inr,egfr,creatinine,cr,bun,potassium,sodium,psa,cd4,viral load,vl,hiv,hiv status,hiv result,hep c,hcv,hbsag,rpr,gc ct,covid,covid result,pap,pap result,phq9,phq 9,gad7,gad 7,audit c,uds,blood type,troponin,lipase,alt,ast,ferritin,vitamin d,hcg,beta hcg,birads,bi rads,mammo,mammogram,last mammo,last mammogram,colonoscopy,last colonoscopy,last pap,gestational age,ga,edd,lmp,gravida,para,tumor stage,stage,egfr ml min,cea,ca 125,afp,tb test,ppd"},
    {Field::vital, false, "bp,blood pressure,bmi,weight,wt,height,ht,hr,heart rate,pulse,temp,temperature,spo2,o2 sat,resp,rr,vitals,presion arterial,peso,talla,estatura,pain score"},
    {Field::allergy, false, "allergies,allergy,drug allergies,alergias,alergia,nkda"},
    {Field::reason, false, "reason for visit,visit reason,reason,appt reason,reason for referral,reason for call,appointment reason,motivo,motivo de consulta,motivo de la visita,motivo de cita,presenting problem,symptoms,sintomas,complaint,referral reason,visit type,appt type,appointment type,tipo de cita"},
    {Field::insurance, false, "insurance,payer,payor,insurance company,primary insurance,ins,carrier,insurance carrier,health plan,insurance plan,plan name,insurance name,coverage,secondary insurance,seguro,aseguradora,seguro medico,financial class,copay,co pay,coinsurance,deductible,copago"},
    {Field::billing, false, "balance,balance due,amount due,billed,billed amount,charges,charge,allowed,paid,patient responsibility,pt resp,patient balance,pt balance,saldo,saldo pendiente,write off,denial,denial reason,denial code,carc,ar,aging,over 90,pt responsibility,amount billed"},
    {Field::service_date, false, "dos,date of service,service date,last dos,date of svc,last seen,last visit,last visit date,date last seen,visit date,fecha de servicio,fecha de visita,ultima visita,admit date,admission date,admitted,discharge date,discharged,date of admission,dod,date of death,date of injury,doi,surgery date,date of surgery,procedure date,collection date,date collected,collected,service dt,fecha de ingreso,fecha de alta,encounter date,injection date,fill date,last fill"},
    {Field::appointment, false, "appt,appointment,appt date,appointment date,appt time,appointment time,next appt,next appointment,next visit,appt date time,cita,fecha de cita,proxima cita,hora de cita,follow up,follow up date,f u,fu date,recall date,due for"},
    {Field::referral, false, "referral,referred to,referred for,referral to,specialist,referring to"},
    {Field::narrative, false, "clinical notes,progress note,assessment,plan of care,hpi,care plan,nurse note,clinical comment,clinical comments,chief complaint hpi,notes for provider,triage note,triage notes,history,treatment plan"},
    {Field::provider, false, "provider,provider name,doctor,physician,pcp,attending,rendering provider,referring provider,surgeon,clinician,ordering provider,prescriber,medico,doctora,proveedor,resource,primary care provider,therapist,counselor,dr,rendering,attending physician,referring physician,provider last name,provider first name,case manager"},
    {Field::npi, false, "npi,provider npi,rendering npi,npi number"},
    {Field::neutral, false, "sex,gender,sexo,genero,age,edad,state,estado,country,pais,race,ethnicity,language,idioma,room,rm,bed,unit,ward,habitacion,cama,marital status,relationship,relation,zip4,insurance type,plan type,group,group no,eff date,effective,copy,suffix,prefix,id,row,line,consent,portal,preferred language,facility,location,clinic,site,comments,comment,notes,note,notas,comentarios,status,date,time,fecha,hora,type,code,pharmacy,farmacia"},
    {Field::neutral, false, "units,reference range,ref range,range,flag,reference,normal range,abnormal,unidades,rango,rango de referencia,reference interval"},
    {Field::staff, false, "employee,employee name,employee id,emp id,empleado,staff,staff name,staff member,shift,turno,extension,ext,department,dept,departamento,title,job title,position,puesto,cargo,role,rol,supervisor,manager,hire date,start date,badge,badge number,salary,pay rate,hours,hours worked,pto,on call,oncall,coverage shift,license type,license exp,license expiration,credentials,credential,certification,cert exp,company,organization,organisation,employer,empresa,vendor,vendor name,customer,customer name,supplier,account manager,sales rep,username,user,user name,login,teacher,grade,student,student name,student id,school,team,player,trainer,instructor,attendee,rsvp,speaker,committee,seat,dl state class,salesperson,trader,desk,counterparty,buyer,seller,agent,analyst,assignee,assigned to,owner,reporter,priority,severity,ticket,incident,host,hostname,server,ip,ip address,candidate,applicant,interviewer,passenger,flight,reservation,confirmation number,guest,guest name"},
    {Field::catalogue, false, "fee,price,unit price,cost,list price,precio,costo,tarifa,qty,quantity,cantidad,sku,item,item number,item no,part number,part no,catalog,catalog number,manufacturer,mfr,product,product name,producto,description,desc,descripcion,rvu,work rvu,medicare rate,allowable,fee schedule,tier,formulary,ndc code,lot,lot number,expiration,expiration date,exp date,stock,on hand,reorder,uom,package,pack size,invoice,invoice number,po,po number,effective date,short description,long description,old code,new code,modifier description,revenue code,icd9 code map,count,n,total,percent,mean,median,sd,frequency,denominator,numerator,measure,target,strength,dosage form"},
    {Field::animal, false, "pet,pet name,species,breed,animal,animal name,mascota,especie,raza,microchip,canine,feline"},
    {Field::name, true, "patient last first,patient name last first,patient last name first name,patient s name,patient nm,pat name,patname,client patient"},
    {Field::first, true, "patient first name,patient first,pt first name,pt first"},
    {Field::last, true, "patient last name,patient last,pt last name,pt last"},
    {Field::dob, true, "patient dob,pt dob,patient date of birth,member dob,subscriber dob,patient birth date"},
    {Field::dob, true, "fecha de nacimiento del paciente"},
    {Field::address, true, "patient address,pt address"},
    {Field::phone, true, "patient phone,pt phone,patient cell,patient phone number"},
    {Field::email, true, "patient email,pt email"},
    {Field::provider, false, "referred by,seen by,ordered by,signed by,medico tratante,doctor name,md"},
    {Field::diagnosis, false, "discharge diagnosis,final diagnosis,principal diagnosis,working diagnosis,behavioral health diagnosis,diag,diagnostic,injury,injuries,lesion"},
    {Field::medication, false, "statin,insulin,dose,current meds,home meds,medication name,medication list,controller,biologic"},
    {Field::procedure, false, "planned procedure,surgery type,scheduled procedure,surgical procedure,procedure description,procedure name,service,services,servicio"},
    {Field::name, false, "nombre del cliente,persona,person,person name,legal name"},
}};

// The names, and which pairs of first letters they begin with: most cells are refused by that alone.
struct Vocabulary {
  std::unordered_map<std::string_view, Column> words;
  std::bitset<27 * 27> beginnings;
};

std::size_t letter_index(char c) {
  if (is_ascii_upper(c)) return static_cast<std::size_t>(c - 'A');
  return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : 26U;
}

std::size_t beginning(std::string_view name) {
  return letter_index(name[0]) * 27 + (name.size() > 1 ? letter_index(name[1]) : 26U);
}

constexpr std::array<std::string_view, 12> suffixes{" number", " no", " num", " id", " code", " name", " date", " s", " 1", " 2", " text", " value"};
constexpr std::array<std::string_view, 12> prefixes{"patient ", "pt ", "pat ", "paciente ", "member ", "subscriber ", "client ", "guarantor ", "current ", "primary ", "last ", "next "};

// Built once from constants; read only afterwards.
const Vocabulary& known_columns() {
  static const Vocabulary table = [] {
    Vocabulary built;
    for (const auto prefix : prefixes) built.beginnings.set(beginning(prefix));
    for (const auto& entry : vocabulary) {
      std::string_view rest = entry.names;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        built.words.try_emplace(rest.substr(0, end), Column{entry.field, entry.of_patient});
        built.beginnings.set(beginning(rest));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    return built;
  }();
  return table;
}

// "PatientName", "patient_name" and "Patient Name:" are "patient name".
struct PlainName {
  std::array<char, 96> letters;  // a header of 40 characters at most, each with a space before it
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const { return {letters.data(), size}; }
};

PlainName plain_name(std::string_view header) {
  PlainName name;
  const auto put = [&](char c) { name.letters[name.size++] = c; };
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (c == '(' && name.size > 0) break;
    if (c == '\'') continue;
    const bool is_upper = is_ascii_upper(c);
    if (is_ascii_digit(c) || is_letter_byte(c)) {
      if (is_upper && i > 0 && header[i - 1] >= 'a' && header[i - 1] <= 'z') put(' ');
      put(is_upper ? static_cast<char>(c + 32) : c);
    } else if (name.size > 0 && name.letters[name.size - 1] != ' ') {
      put(' ');
    }
  }
  while (name.size > 0 && name.letters[name.size - 1] == ' ') --name.size;
  return name;
}

bool look_up(std::string_view name, Column& column) {
  const auto& words = known_columns().words;
  const auto found = words.find(name);
  if (found == words.end()) return false;
  column = found->second;
  return true;
}

std::size_t word_count(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = is_letter_byte(c) || c == '\'';
    words += letter && !inside ? 1 : 0;
    inside = letter;
  }
  return words;
}

// Letters, spaces and the marks of names; up to six words. A heading or a total below a name column is no person.
bool is_name_cell(std::string_view cell, bool needs_two_words) {
  constexpr std::size_t longest = 60;
  constexpr std::size_t most_words = 6;
  if (cell.size() > longest || letter_count(cell) < 2) return false;
  for (const char c : cell) {
    if (!is_letter_byte(c) && c != ' ' && c != ',' && c != '.' && c != '-' && c != '\'' && c != '(' && c != ')' && c != '"' && c != '\n') return false;
  }
  const std::size_t words = word_count(cell);
  if (words > most_words || (needs_two_words && words < 2)) return false;
  const std::string lower = lower_ascii(cell);
  constexpr std::array<std::string_view, 24> not_names{"total", "totals", "subtotal", "grand total", "average", "mean", "sum", "none", "all", "yes", "no", "average:", "total:", "test", "test patient",
                                                       "patient", "patients", "name", "required", "optional", "text", "open", "blocked", "lunch"};
  return std::find(not_names.begin(), not_names.end(), lower) == not_names.end() && !is_sample_name(cell);
}

bool is_procedure_code(std::string_view cell) {
  if (cell.size() < 5) return false;
  const std::string_view code = cell.substr(0, 5);
  const std::size_t digits = digit_count(code);
  if (digits < 4) return false;
  const char behind = cell.size() > 5 ? cell[5] : ' ';
  return !is_letter_byte(behind) && !is_ascii_digit(behind);
}

bool starts_with_icd(std::string_view cell) {
  const std::size_t end = cell.find_first_of(" ,;/|-(\n");
  return is_icd(cell.substr(0, std::min(end, cell.size())));
}

bool is_money(std::string_view cell) { return digit_count(cell) > 0 && letter_count(cell) <= 3; }

// An empty finding is still no finding; "No" in a diagnosis column says nothing about a person.
bool says_something(std::string_view cell) {
  const std::string lower = lower_ascii(cell);
  constexpr std::array<std::string_view, 8> nothing{"no", "yes", "y", "n", "-", "ok", "required", "optional"};
  return std::find(nothing.begin(), nothing.end(), lower) == nothing.end();
}

}  // namespace

bool column_named(std::string_view header, Column& column) {
  constexpr std::size_t longest = 40;
  if (header.size() < 2 || header.size() > longest) return false;
  std::size_t first = 0;
  while (first < header.size() && !is_letter_byte(header[first])) ++first;
  if (first + 1 >= header.size() || !known_columns().beginnings.test(beginning(header.substr(first)))) return false;
  const PlainName name = plain_name(header);
  const std::string_view rest = name.view();
  if (look_up(rest, column)) return true;
  if (rest.find(' ') == std::string_view::npos) return false;
  for (const auto suffix : suffixes) {
    if (rest.ends_with(suffix) && look_up(rest.substr(0, rest.size() - suffix.size()), column)) return true;
  }
  for (const auto prefix : prefixes) {
    if (!rest.starts_with(prefix) || !look_up(rest.substr(prefix.size()), column)) continue;
    if (prefix.starts_with("p") && prefix != "primary ") column.of_patient = true;
    return column.field < Field::staff;
  }
  return false;
}

bool is_sample_name(std::string_view cell) {
  const std::string lower = lower_ascii(cell.substr(0, 80));
  for (const std::string_view word : {"sample", "example", "test patient", "patient test", "paciente de prueba", "ejemplo"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return lower.starts_with("zztest") || lower.starts_with("test,") || lower.ends_with(", test");
}

bool cell_meaning(Column column, std::string_view cell, Kind& kind, Label& label) {
  if (cell.empty() || is_placeholder(cell)) return false;
  constexpr std::size_t longest_id = 30;
  const std::size_t digits = digit_count(cell);
  const std::size_t letters = letter_count(cell);
  const auto identity = [&](Label as) {
    kind = Kind::identity;
    label = as;
    return true;
  };
  const auto health = [&](Label as) {
    kind = Kind::health;
    label = as;
    return true;
  };
  const bool id_like = digits >= 3 && cell.size() <= longest_id && !is_date(cell);
  switch (column.field) {
    case Field::name: return is_name_cell(cell, !column.of_patient) && identity(Label::name);
    case Field::first:
    case Field::last: return is_name_cell(cell, false) && identity(Label::name);
    case Field::initials: return letters >= 2 && cell.size() <= 8 && digits == 0 && identity(Label::name);
    case Field::middle: return false;
    case Field::dob: return is_date(cell) && identity(Label::date_of_birth);
    case Field::ssn:
      if (digits == 9 && letters == 0) return identity(Label::ssn);
      return digits == 4 && cell.size() <= 12 && identity(Label::ssn_last4);
    case Field::mrn: return id_like && letters <= 8 && identity(Label::mrn);
    case Field::member: return id_like && cell.size() >= 5 && identity(id_label(cell, Label::member_id));
    case Field::mbi: return id_like && identity(Label::mbi);
    case Field::medicaid: return id_like && identity(Label::medicaid_id);
    case Field::account: return id_like && identity(Label::account);
    case Field::claim: return id_like && identity(Label::claim);
    case Field::encounter: return id_like && identity(Label::encounter);
    case Field::accession: return id_like && identity(Label::accession);
    case Field::prescription: return id_like && identity(Label::prescription);
    case Field::license: return id_like && identity(Label::license);
    case Field::other_id: return id_like && identity(Label::other_id);
    case Field::phone: return digits >= 7 && digits <= 15 && cell.size() <= 40 && identity(Label::phone);
    case Field::fax: return digits >= 7 && digits <= 15 && cell.size() <= 40 && identity(Label::fax);
    case Field::email: return cell.find('@') != std::string_view::npos && cell.find('.') != std::string_view::npos && cell.size() <= 100 && identity(Label::email);
    case Field::address: return digits >= 1 && letters >= 3 && cell.size() <= 160 && identity(Label::address);
    case Field::city: return letters >= 2 && cell.size() <= 60 && identity(Label::city);
    case Field::zip: return digits >= 5 && letters == 0 && cell.size() <= 10 && identity(Label::zip);
    case Field::diagnosis:
      if (starts_with_icd(cell)) return health(Label::icd);
      return letters >= 2 && says_something(cell) && health(Label::diagnosis);
    case Field::icd: return starts_with_icd(cell) ? health(Label::icd) : letters >= 4 && health(Label::diagnosis);
    case Field::cpt: return is_procedure_code(cell) ? health(Label::procedure_code) : letters >= 4 && health(Label::procedure);
    case Field::procedure: return letters >= 2 && says_something(cell) && health(Label::procedure);
    case Field::medication: return letters >= 3 && says_something(cell) && health(Label::medication);
    case Field::lab: return letters >= 2 && says_something(cell) && health(Label::lab);
    case Field::result:
    case Field::analyte: return letters + digits >= 1 && health(Label::lab);
    case Field::vital: return digits >= 1 && health(Label::vital);
    case Field::allergy: return letters >= 3 && says_something(cell) && health(Label::diagnosis);
    case Field::reason: return letters >= 3 && health(Label::diagnosis);
    case Field::insurance: return letters + digits >= 2 && says_something(cell) && health(Label::insurance);
    case Field::billing: return is_money(cell) && health(Label::billing);
    case Field::service_date: return is_date(cell) && identity(Label::date);
    case Field::appointment: return digits >= 1 && health(Label::appointment);
    case Field::referral: return letters >= 3 && says_something(cell) && health(Label::referral);
    case Field::narrative: return letters >= 4 && health(Label::narrative);
    case Field::provider:
      kind = Kind::provider;
      label = Label::provider_name;
      return is_name_cell(cell, false);
    case Field::npi:
      kind = Kind::provider;
      label = Label::npi;
      return digits == 10;
    default: return false;
  }
}

bool ColumnSet::is_strong_health(Field field) {
  switch (field) {
    case Field::diagnosis:
    case Field::icd:
    case Field::cpt:
    case Field::medication:
    case Field::analyte:
    case Field::allergy:
    case Field::narrative:
    case Field::insurance: return true;
    default: return false;
  }
}

void ColumnSet::add(Column column) {
  const Field field = column.field;
  if (is_person_field(field)) ++person_;
  if (column.of_patient) ++of_patient_;
  switch (field) {
    case Field::name:
    case Field::initials: ++names_; break;
    case Field::first:
    case Field::last:
      ++names_;
      has_split_name_ = true;
      break;
    case Field::dob:
    case Field::ssn:
    case Field::mrn:
    case Field::member:
    case Field::mbi:
    case Field::medicaid: ++identifying_; break;
    case Field::account:
    case Field::claim:
    case Field::encounter: ++identifying_; break;
    case Field::address: has_address_ = true; break;
    case Field::staff: ++staff_; break;
    case Field::catalogue: ++catalogue_; break;
    case Field::animal: ++animals_; break;
    case Field::lab: has_lab_ = true; break;
    case Field::result: has_result_ = true; break;
    default: break;
  }
  if (!is_health_field(field)) return;
  if (is_strong_health(field)) {
    ++strong_health_;
  } else {
    ++weak_health_;
  }
}

bool ColumnSet::describes_people() const {
  if (animals_ > 0 || person_ == 0) return false;
  if (of_patient_ > 0) return staff_ == 0 || identifying_ > 0 || strong_health_ + weak_health_ > 0;
  if (staff_ > 0 || catalogue_ > 0) return false;
  if (names_ == 0) return identifying_ > 1 || (identifying_ > 0 && strong_health_ > 0);
  if (identifying_ > 0) return true;
  if (strong_health_ > 0) return has_split_name_ || strong_health_ + weak_health_ > 1 || person_ > 1;
  return has_address_ || (has_split_name_ && weak_health_ > 0);
}

}  // namespace phiscan::detect
